/** A Damso server in a process of its own, on a port that is free and data that is thrown away. */
import type { Subprocess } from "bun";
import { linesOf } from "./processes.ts";
import type { Processes } from "./processes.ts";

const READY = /^Damso is ready: http:\/\/[^:]+:(\d+)/;
const DEADLINE_MS = 20_000;

export type Server = {
  url: string;
  /** Kills it without a warning and starts it again on the same data and port. */
  crash: () => Promise<void>;
  end: () => Promise<void>;
};

export type Home = {
  root: string;
  data: string;
  all: Processes;
  /** Is told the warnings and errors that the server writes. */
  heard: (line: string) => void;
};

type Running = { child: Subprocess; port: string };

/** Resolves when the server says that it is ready. What it said instead was `heard`. */
export async function startServer(home: Home): Promise<Server> {
  let running = await run(home, "0");
  return {
    url: `http://127.0.0.1:${running.port}`,
    crash: async () => {
      running.child.kill("SIGKILL");
      await running.child.exited;
      running = await run(home, running.port);
    },
    end: () => home.all.end(running.child),
  };
}

async function run({ root, data, all, heard }: Home, port: string): Promise<Running> {
  const flags = "--host 127.0.0.1 --rate-limits off --log-level warn".split(" ");
  const child = all.adopt(
    Bun.spawn([process.execPath, "server/main.ts", ...flags, "--port", port, "--data", data], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
    }),
  );
  const ready = Promise.withResolvers<string>();
  const listen = async (stream: ReadableStream<Uint8Array>): Promise<void> => {
    for await (const line of linesOf(stream)) {
      const found = READY.exec(line)?.[1];
      if (found === undefined) heard(line);
      else ready.resolve(found);
    }
  };
  const refuse = (why: string): void => ready.reject(new Error(why));
  void Promise.all([listen(child.stdout), listen(child.stderr)]).then(async () =>
    refuse(`the server ended with ${await child.exited}`),
  );
  const timer = setTimeout(() => refuse("the server is not ready after 20 s"), DEADLINE_MS);
  const taken = await ready.promise.finally(() => clearTimeout(timer));
  return { child, port: taken };
}
