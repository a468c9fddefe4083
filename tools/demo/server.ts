/** A Damso server in a process of its own, on a port that is free and data that is thrown away. */
import { linesOf } from "./processes.ts";
import type { Processes } from "./processes.ts";

const READY = /^Damso is ready: http:\/\/[^:]+:(\d+)/;
const DEADLINE_MS = 20_000;

export type Server = {
  url: string;
  /** Warnings and errors that it wrote. */
  said: readonly string[];
  end: () => Promise<void>;
};

/** Resolves when the server says that it is ready. Rejects with what it said instead. */
export async function startServer(root: string, data: string, all: Processes): Promise<Server> {
  const flags = "--port 0 --host 127.0.0.1 --rate-limits off --log-level warn".split(" ");
  const child = all.adopt(
    Bun.spawn([process.execPath, "server/main.ts", ...flags, "--data", data], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
    }),
  );
  const said: string[] = [];
  const port = Promise.withResolvers<string>();
  const listen = async (stream: ReadableStream<Uint8Array>): Promise<void> => {
    for await (const line of linesOf(stream)) {
      const found = READY.exec(line)?.[1];
      if (found === undefined) said.push(line);
      else port.resolve(found);
    }
  };
  void Promise.all([listen(child.stdout), listen(child.stderr)]).then(async () =>
    port.reject(new Error(`the server ended with ${await child.exited}:\n${said.join("\n")}`)),
  );
  const late = new Error(`the server is not ready after ${DEADLINE_MS} ms:\n${said.join("\n")}`);
  const timer = setTimeout(() => port.reject(late), DEADLINE_MS);
  const url = `http://127.0.0.1:${await port.promise.finally(() => clearTimeout(timer))}`;
  return { url, said, end: () => all.end(child) };
}
