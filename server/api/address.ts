/**
 * Where a request came from: its peer, or what the operator's own proxies say about theirs. Each proxy appends the
 * address that it was asked from to `X-Forwarded-For`, so only as many entries as there are proxies, from the right, were
 * written by them; what stands left of those is the client's own word.
 */
import { isIP } from "node:net";

/** The peer when the header has fewer entries than there are proxies, or none that is an address. */
export function addressOf(request: Request, peer: string, trusted_proxies: number): string {
  if (trusted_proxies === 0) return peer;
  const header = request.headers.get("x-forwarded-for") ?? "";
  const told = bare(header.split(",").at(-trusted_proxies) ?? "");
  return isIP(told) === 0 ? peer : told;
}

/** Some proxies write the port too: `192.0.2.1:443`, `[2001:db8::1]:443`. */
function bare(entry: string): string {
  const text = entry.trim();
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1];
  return bracketed ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
}
