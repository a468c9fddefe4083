/**
 * What a browser says about where a request comes from, and what that makes of a cookie. Rule X8.
 *
 * A cookie travels with every request to this host, whoever caused it; a bearer token only when a script put it there.
 * So a cookie counts only where the browser itself vouches that a page of this host asked.
 */
import { COOKIES } from "@damso/protocol/http/accounts";

const SAFE: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/** True when the request names an `Origin` of this host, or of a host that the operator lists. */
export function isOwnOrigin(request: Request, origins: readonly string[]): boolean {
  const host = originHost(request);
  return host !== undefined && (host === hostOf(request) || origins.includes(host));
}

/**
 * Whether a cookie of this request counts. A request that changes something needs its own `Origin`. One that reads may
 * come without, because browsers leave it out there, but not when the browser says that another site caused it:
 * `none` is an address typed or a bookmark opened by the user.
 */
export function cookieCounts(request: Request, origins: readonly string[]): boolean {
  if (!SAFE.has(request.method) || request.headers.has("origin"))
    return isOwnOrigin(request, origins);
  const site = request.headers.get("sec-fetch-site");
  return site === null || site === "same-origin" || site === "none";
}

/** The `Host` that the client asked for: the scheme may be a proxy's business, the host is the same on both sides. */
export function hostOf(request: Request): string {
  return request.headers.get("host") ?? new URL(request.url).host;
}

/** The access token in the cookie, whether or not it counts. */
export function cookieToken(request: Request): string | undefined {
  return readCookie(request, COOKIES.access);
}

/** The first cookie of this name (RFC 6265 section 5.4: the one with the longest path). */
export function readCookie(request: Request, name: string): string | undefined {
  const prefix = `${name}=`;
  for (const pair of (request.headers.get("cookie") ?? "").split(";")) {
    const text = pair.trim();
    if (text.startsWith(prefix) && text.length > prefix.length) return text.slice(prefix.length);
  }
  return undefined;
}

/** True when the page was loaded over TLS, as its browser says: the connection here may come from a proxy. */
export function isSecureOrigin(request: Request): boolean {
  return request.headers.get("origin")?.startsWith("https:") === true;
}

function originHost(request: Request): string | undefined {
  const origin = request.headers.get("origin");
  return origin !== null && URL.canParse(origin) ? new URL(origin).host : undefined;
}
