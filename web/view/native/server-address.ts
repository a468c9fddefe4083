/** The address of a server as somebody types it, and whether one of ours answers there. */

/** After parsing: other alphabets are in Punycode by then (RFC 3492). */
const HOST = /^[a-z0-9.-]+$|^\[[0-9a-f:.]+\]$/;

/** With a scheme, without what follows the host; undefined when it is no address that a phone may talk to. */
export function toAddress(typed: string): string | undefined {
  const text = typed.trim();
  const whole = /^[a-z]+:\/\//i.test(text) ? text : `https://${text}`;
  if (text === "" || !URL.canParse(whole)) return undefined;
  const { protocol, hostname, origin } = new URL(whole);
  // Some browsers take a blank for a part of a name.
  if (!HOST.test(hostname)) return undefined;
  const isLocal = hostname === "localhost" || hostname === "127.0.0.1";
  // What is said in the clear can be read by everyone on the way, and phones refuse it.
  return protocol === "https:" || (protocol === "http:" && isLocal) ? origin : undefined;
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const ANSWER_MS_MAX = 10_000;

/** Asks for what every server tells strangers: where to connect. */
export async function isDamso(server: string, fetch: Fetch): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(ANSWER_MS_MAX);
    const answer = await fetch(`${server}/v1/servers`, { signal });
    const body = (await answer.json()) as { servers?: unknown } | null;
    return answer.ok && Array.isArray(body?.servers);
  } catch {
    return false;
  }
}
