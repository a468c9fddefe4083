/** Plain HTTP, as somebody without the SDK would use it. */
import type { Problem } from "@damso/protocol";

export type Account = { name: string; user_id: string; token: string };

/** `code` is of the problem document, or the status when there is none. */
export type Reply<T> =
  | { ok: true; value: T }
  | { ok: false; code: string; again_ms: number | undefined };

export type Http = <T>(
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  token?: string,
  body?: object,
) => Promise<Reply<T>>;

const TIMEOUT_MS = 20_000;
const AGAIN_MS = 100;

export function httpTo(server: string): Http {
  return async <T>(method: string, path: string, token?: string, body?: object) => {
    const response = await fetch(server + path, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    const value: unknown = text === "" ? undefined : JSON.parse(text);
    if (response.ok) return { ok: true, value: value as T };
    const { code, retry_after_ms } = (value ?? {}) as Partial<Problem>;
    const again = code === "busy" || code === "rate_limited" || code === "unavailable";
    const again_ms = again ? (retry_after_ms ?? AGAIN_MS) : undefined;
    return { ok: false, code: code ?? String(response.status), again_ms };
  };
}

/** Asks until it is answered. Throws when it is refused. */
export async function insist<T>(ask: () => Promise<Reply<T>>, what: string): Promise<T> {
  for (;;) {
    const reply = await ask();
    if (reply.ok) return reply.value;
    if (reply.again_ms === undefined) throw new Error(`${what} was refused: ${reply.code}`);
    await Bun.sleep(reply.again_ms);
  }
}

/** `ok`, or the code of the refusal. */
export async function codeOf(ask: () => Promise<Reply<unknown>>): Promise<string> {
  for (;;) {
    const reply = await ask();
    if (reply.ok) return "ok";
    if (reply.again_ms === undefined) return reply.code;
    await Bun.sleep(reply.again_ms);
  }
}

/** Runs work over many things, a few at a time; the results are in the order of the things. */
export async function each<T, R>(
  things: readonly T[],
  at_once: number,
  work: (thing: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = things.entries();
  const worker = async (): Promise<void> => {
    for (const [index, thing] of queue) results[index] = await work(thing, index);
  };
  await Promise.all(Array.from({ length: at_once }, worker));
  return results;
}
