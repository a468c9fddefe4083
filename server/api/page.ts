/**
 * The web page: static files under a strict policy. A path is looked up by name in what the build made, never on a
 * disk, so there is no path that leads out of it.
 */
import { hostOf } from "./origin.ts";

export type PageFile = {
  body: Uint8Array<ArrayBuffer> | string;
  /** Content type, with its charset where it is text. */
  type: string;
  /** A strong entity tag with its quotes (RFC 9110 section 8.8.3). */
  etag: string;
};

/** The file of a path like `/index.html`, or undefined. */
export type PageProvider = (path: string) => PageFile | undefined | Promise<PageFile | undefined>;

/** Undefined when there is no such file. */
export async function pageResponse(
  page: PageProvider,
  request: Request,
): Promise<Response | undefined> {
  const path = pagePath(new URL(request.url).pathname);
  const file = path === undefined ? undefined : await page(path);
  if (!file) return undefined;
  const headers = pageHeaders(request, file);
  if (matches(request.headers.get("if-none-match"), file.etag)) {
    return new Response(null, { status: 304, headers });
  }
  headers.set("content-type", file.type);
  return new Response(file.body, { headers });
}

/**
 * A document in the visitor's language for an address that leads nowhere. Undefined for programs, which ask for no
 * document, and for everything of the API: they get its refusal.
 */
export async function lostResponse(
  page: PageProvider,
  request: Request,
): Promise<Response | undefined> {
  const { pathname } = new URL(request.url);
  const asksForDocument = request.headers.get("accept")?.includes("text/html") === true;
  if (!asksForDocument || /^\/v1(\/|$)/.test(pathname)) return undefined;
  const language = languageOf(request.headers.get("accept-language") ?? "");
  const file = await page(`/not-found.${language}`);
  if (!file) return undefined;
  const headers = policyHeaders(request);
  headers.set("content-type", file.type);
  headers.set("content-language", language);
  headers.set("cache-control", "no-store");
  headers.set("vary", "accept, accept-language");
  return new Response(file.body, { status: 404, headers });
}

/** The first of ours in the order of the visitor's wishes (RFC 9110 section 12.5.4); English when none is named. */
function languageOf(header: string): "ko" | "en" {
  const wishes = header.split(",").map((wish) => {
    const [tag = "", weight] = wish.toLowerCase().split(";q=");
    return {
      language: tag.trim().split("-")[0],
      weight: weight === undefined ? 1 : Number(weight),
    };
  });
  const best = wishes
    .filter(({ language, weight }) => (language === "ko" || language === "en") && weight > 0)
    .toSorted((a, b) => b.weight - a.weight)[0];
  return best?.language === "ko" ? "ko" : "en";
}

const FILE = /^(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/;

/** The name that a request's path asks for: plain segments only, none that begins with a dot. */
export function pagePath(pathname: string): string | undefined {
  const path = pathname.endsWith("/") ? `${pathname}index.html` : pathname;
  return FILE.test(path) ? path : undefined;
}

function pageHeaders(request: Request, file: PageFile): Headers {
  const headers = policyHeaders(request);
  headers.set("etag", file.etag);
  // Kept, and asked for again each time: a new version of the page is there with the next load.
  headers.set("cache-control", "no-cache");
  return headers;
}

function policyHeaders(request: Request): Headers {
  return new Headers({
    "content-security-policy": contentPolicy(request),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
  });
}

const HOST = /^[A-Za-z0-9.-]+(?::\d+)?$|^\[[0-9A-Fa-f:]+\](?::\d+)?$/;

/** Nothing from elsewhere, no inline script. The socket's host is named because older browsers do not count it as `'self'`. */
function contentPolicy(request: Request): string {
  const host = hostOf(request);
  const sockets = HOST.test(host) ? ` ws://${host} wss://${host}` : "";
  return [
    "default-src 'self'",
    `connect-src 'self'${sockets}`,
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'self'",
  ].join("; ");
}

/** `If-None-Match` (RFC 9110 section 13.1.2): weak comparison. */
function matches(header: string | null, etag: string): boolean {
  if (header === null) return false;
  const tags = header.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes("*") || tags.includes(etag);
}
