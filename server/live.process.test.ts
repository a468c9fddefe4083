import { afterEach, describe, expect, test } from "bun:test";
import { until } from "@damso/contracts/until";
import { directChannel, uuidV7 } from "@damso/protocol/ids";
import type { UserId } from "@damso/protocol/ids";
import {
  call,
  clearAll,
  connect,
  makeDirectory,
  runToEnd,
  signUp,
  startServer,
} from "./live.testing.ts";
import type { Person } from "./live.testing.ts";

afterEach(clearAll);

const clientId = (): string => uuidV7(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
const between = (a: Person, b: Person): string =>
  directChannel(a.user_id as UserId, b.user_id as UserId);

describe("the whole server", () => {
  test("[I1] [I4] what was acknowledged is there after a restart, once; a device goes on where it was", async () => {
    const data = await makeDirectory();
    const first = await startServer(data);
    const [ann, ben] = [await signUp(first, "ann"), await signUp(first, "ben")];
    const [from, to] = [await connect(first, ann), await connect(first, ben)];
    const send = {
      type: "send",
      channel: between(ann, ben),
      client_id: clientId(),
      body: "안녕, Ben 😀",
    };
    const sent = await from.ask(send);
    expect(sent).toMatchObject({ type: "sent", seq: 1, client_id: send.client_id });
    await until(() => to.of("message").length === 1);
    const [delivered] = to.of("message");
    expect(delivered).toMatchObject({ unread: 1, message: { seq: 1, body: send.body } });
    const feed = { ...(to.of("welcome")[0]?.["feed"] as object), pos: delivered?.["pos"] };

    first.kill("SIGTERM");
    expect((await to.closed).code).toBe(4000);
    expect(to.of("bye")).toEqual([
      { type: "bye", reason: "going_away", retry_after_ms: expect.any(Number) },
    ]);
    expect(await first.exited).toBe(0);

    const second = await startServer(data);
    const again = await connect(second, ann);
    expect(await again.ask(send)).toMatchObject({ ...sent, id: expect.any(Number) });
    const history = await again.ask({ type: "history", channel: send.channel });
    expect(history["messages"]).toMatchObject([{ seq: 1, body: send.body }]);
    const back = await connect(second, ben, { feed });
    expect(back.of("welcome")).toMatchObject([
      { events: [], more: false, feed: { head: feed.pos } },
    ]);
    expect(back.of("welcome")[0]?.["reset"]).toBeUndefined();
    expect(second.log()).not.toContain('"level":"error"');
  });

  test("[D20] a socket, a long poll and a plain poll of one account see the same events", async () => {
    const server = await startServer(await makeDirectory());
    const [ann, ben] = [await signUp(server, "ann"), await signUp(server, "ben")];
    const socket = await connect(server, ben);
    const start = await call(server, "GET", "/v1/feed", ben.access_token);
    const { id, head } = start.body["feed"] as { id: string; head: number };
    const feed = `/v1/feed?feed=${id}&after=${head}`;
    const waiting = call(server, "GET", `${feed}&wait=20`, ben.access_token);
    const metrics = async (): Promise<string> =>
      await (await fetch(new URL("/metrics", server.url))).text();
    await until(async () => /^damso_long_polls 1$/m.test(await metrics()));
    const path = `/v1/channels/${between(ann, ben)}/messages`;
    const sent = await call(server, "POST", path, ann.access_token, {
      client_id: clientId(),
      body: "hello",
    });
    expect(sent.status).toBe(201);
    const [long, short] = [await waiting, await call(server, "GET", feed, ben.access_token)];
    expect(long.body).toEqual(short.body);
    expect(short.body["events"]).not.toEqual([]);
    await until(() => socket.of("message").length === 1);
    const places = (events: unknown): unknown[] =>
      (events as Record<string, unknown>[])
        .filter(({ pos }) => typeof pos === "number")
        .map(({ type, pos }) => [type, pos]);
    expect(places(socket.frames)).toEqual(places(short.body["events"]));
    expect((short.body["events"] as unknown[]).at(-1)).toEqual(socket.of("message")[0]);
  });

  test("[I17] a device that is logged out elsewhere is closed with 4001 within a second", async () => {
    const server = await startServer(await makeDirectory());
    const ann = await signUp(server, "ann");
    const login = { username: "ann", password: "correct horse" };
    const other = await call(server, "POST", "/v1/login", undefined, login);
    const socket = await connect(server, other.body as never);
    const began = performance.now();
    const gone = await call(
      server,
      "DELETE",
      `/v1/devices/${String(other.body["device_id"])}`,
      ann.access_token,
    );
    expect(gone.status).toBeLessThan(300);
    expect((await socket.closed).code).toBe(4001);
    expect(performance.now() - began).toBeLessThan(1000);
    const retry = connect(server, other.body as never).catch((error: unknown) => String(error));
    expect(await retry).toContain("unauthenticated");
  });
});

describe("the process", () => {
  test("says when it is ready, alive and what it counts", async () => {
    const server = await startServer(await makeDirectory(), "--region", "eu");
    expect(await call(server, "GET", "/healthz")).toMatchObject({ status: 200 });
    expect(await call(server, "GET", "/readyz")).toMatchObject({ status: 200 });
    const servers = await call(server, "GET", "/v1/servers");
    expect(servers.body).toMatchObject({ servers: [{ region: "eu" }] });
    const metrics = await (await fetch(new URL("/metrics", server.url))).text();
    expect(metrics).toContain("damso_connections 0");
    expect(metrics).toContain('damso_http_requests_total{status="2xx"} 3');
  });

  test("[I20] a full one turns further sockets away", async () => {
    const server = await startServer(await makeDirectory(), "--capacity", "1");
    const ann = await signUp(server, "ann");
    const first = await connect(server, ann);
    const second = connect(server, ann).catch(() => "turned away");
    expect(await second).toBe("turned away");
    first.socket.close();
    await first.closed;
    const third = await connect(server, ann);
    expect(third.of("welcome")).toHaveLength(1);
  });

  test("a second one on the same directory ends with one line that says why", async () => {
    const data = await makeDirectory();
    const first = await startServer(data);
    const second = await runToEnd("--port", "0", "--data", data);
    expect([second.code, second.out]).toEqual([1, ""]);
    expect(second.err).toBe(`another Damso is running on ${data}\n`);
    expect(await call(first, "GET", "/readyz")).toMatchObject({ status: 200 });
  });

  test("a second one on the same port ends too, and takes none of the first one's clients", async () => {
    const first = await startServer(await makeDirectory());
    const second = await runToEnd("--port", first.port, "--data", await makeDirectory());
    expect([second.code, second.out]).toEqual([1, ""]);
    expect(second.err).toContain(`port ${first.port} is taken`);
  });

  test("a flag that does not exist is refused with the nearest one", async () => {
    const wrong = await runToEnd("--prot", "1");
    expect(wrong).toEqual({
      code: 2,
      out: "",
      err: "there is no option --prot; did you mean --port?\n",
    });
    const help = await runToEnd("--help");
    expect([help.code, help.err]).toEqual([0, ""]);
    expect(help.out).toContain("--rate-limits on|off");
  });

  test("it stops although a client keeps a connection open, and one that never ends its request", async () => {
    const server = await startServer(await makeDirectory());
    const ann = await signUp(server, "ann");
    const socket = await connect(server, ann);
    const stuck = await Bun.connect({
      hostname: "127.0.0.1",
      port: Number(server.port),
      socket: { data() {} },
    });
    stuck.write("POST /v1/login HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{");
    const poll = call(server, "GET", "/v1/feed?after=0&wait=30", ann.access_token).catch(
      () => "cut",
    );
    await until(() => socket.frames.length > 0);
    const began = performance.now();
    server.kill("SIGINT");
    expect(await server.exited).toBe(0);
    expect(performance.now() - began).toBeLessThan(10_000);
    expect((await socket.closed).code).toBe(4000);
    await poll;
    stuck.end();
  });

  test("a second signal ends it at once", async () => {
    const server = await startServer(await makeDirectory());
    const stuck = await Bun.connect({
      hostname: "127.0.0.1",
      port: Number(server.port),
      socket: { data() {} },
    });
    stuck.write("POST /v1/login HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{");
    expect(await call(server, "GET", "/readyz")).toMatchObject({ status: 200 });
    server.kill("SIGTERM");
    await until(() => server.log().includes("stopping"));
    server.kill("SIGTERM");
    expect(await server.exited).toBe(1);
    stuck.end();
  });
});
