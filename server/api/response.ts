/** Answers as HTTP: JSON, problem documents (RFC 9457), and the headers that every answer of the API carries. */
import { CODES } from "@damso/protocol/codes";
import type { Refusal } from "@damso/protocol/codes";
import { PROBLEM_CONTENT_TYPE, toProblem } from "@damso/protocol/http/problem";

/**
 * Any page may call the API with a bearer token that it holds: an application on another origin is a client like any
 * other. `*` never lets a browser send or keep this host's cookies for it, so it gains nothing that the same request
 * from outside a browser would not have; what needs the cookies is same-origin by `origin.ts`.
 */
const SHARED: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "Retry-After, X-Request-Id",
};

export function jsonResponse(
  status: number,
  value: unknown,
  cookies: readonly string[] = [],
): Response {
  const headers = new Headers(SHARED);
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  if (value === undefined) return new Response(null, { status, headers });
  headers.set("content-type", "application/json");
  return new Response(JSON.stringify(value), { status, headers });
}

export type ProblemExtra = {
  /** Where it is not the one of the code. */
  status?: number;
  headers?: Readonly<Record<string, string>>;
  cookies?: readonly string[];
};

/** A refusal with the status of its code, and `Retry-After` in seconds where waiting helps (RFC 9110 section 10.2.3). */
export function problemResponse(refusal: Refusal, extra: ProblemExtra = {}): Response {
  const problem = toProblem(refusal);
  const status = extra.status ?? problem.status;
  const headers = new Headers({ ...SHARED, ...extra.headers });
  headers.set("content-type", PROBLEM_CONTENT_TYPE);
  for (const cookie of extra.cookies ?? []) headers.append("set-cookie", cookie);
  if (CODES[refusal.code].retry) headers.set("retry-after", retryAfter(refusal));
  if (status === 401) headers.set("www-authenticate", "Bearer");
  return new Response(JSON.stringify({ ...problem, status }), { status, headers });
}

function retryAfter({ retry_after_ms = 1000 }: Refusal): string {
  return String(Math.max(1, Math.ceil(retry_after_ms / 1000)));
}

/** The answer to a preflight: `Authorization` is what makes a browser ask. Browsers keep it for two hours at most. */
export function preflightResponse(): Response {
  return new Response(null, {
    status: 204,
    headers: {
      ...SHARED,
      "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE",
      "access-control-allow-headers": "Authorization, Content-Type",
      "access-control-max-age": "7200",
    },
  });
}
