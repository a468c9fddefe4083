/** The processes that we start: each is ended by us, whatever happens. */
import type { Subprocess } from "bun";

const GRACE_MS = 10_000;

export type Processes = {
  /** Notes a process until it ends; answers the same process. */
  adopt: <Child extends Subprocess>(child: Child) => Child;
  /** Ends one: asked first, killed after 10 s. */
  end: (child: Subprocess) => Promise<void>;
  /** Ends all that are left, and whatever is adopted from now on. */
  endAll: () => Promise<void>;
};

export function processes(): Processes {
  const running = new Set<Subprocess>();
  let ending = false;

  async function end(child: Subprocess): Promise<void> {
    child.kill("SIGTERM");
    const killing = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
    await child.exited;
    clearTimeout(killing);
  }

  return {
    adopt: (child) => {
      running.add(child);
      if (ending) child.kill("SIGKILL");
      void child.exited.then(() => running.delete(child));
      return child;
    },
    end,
    endAll: async () => {
      ending = true;
      while (running.size > 0) await Promise.all([...running].map(end));
    },
  };
}

/** The lines of a stream, without their ends. */
export async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let parts: string[] = [];
  for await (const chunk of stream) {
    const pieces = decoder.decode(chunk, { stream: true }).split("\n");
    for (const piece of pieces.slice(0, -1)) {
      yield parts.join("") + piece;
      parts = [];
    }
    // A long line comes in many chunks: they are put together once, at its end.
    parts.push(pieces.at(-1) ?? "");
  }
  const rest = parts.join("");
  if (rest !== "") yield rest;
}
