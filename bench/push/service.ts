/**
 * A push service in a process of its own, as `bench/push.ts` starts it: takes every POST after `delay_ms`, and tells when
 * each came by the marks that the bench put into the endpoints. `GET /took` answers and forgets them.
 */
import { argv, stdout } from "node:process";

const delay_ms: number = Number(argv[2] ?? 50);
let took: [endpoint: string, at: number][] = [];

const server: Bun.Server<undefined> = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  async fetch(request) {
    const { pathname } = new URL(request.url);
    if (pathname === "/took") {
      const answer = Response.json(took);
      took = [];
      return answer;
    }
    took.push([pathname, Date.now()]);
    await request.bytes();
    await Bun.sleep(delay_ms);
    return new Response(null, { status: 201 });
  },
});
stdout.write(`${server.port}\n`);
