/** Who asks: the bearer token, or a cookie that counts. Rules P22, X3, X8. */
import { refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import type { Identity } from "../gateway/types.ts";
import type { ApiDeps } from "./deps.ts";
import { cookieCounts, cookieToken } from "./origin.ts";

/** RFC 6750 section 2.1; the scheme's name is in any case (RFC 9110 section 11.1). */
const BEARER = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i;

export async function identify(
  deps: Pick<ApiDeps, "auth" | "origins">,
  request: Request,
): Promise<Result<Identity>> {
  const header = request.headers.get("authorization");
  // A client that names its token means that one: a cookie never stands in for a bad token.
  const token = header === null ? countedCookie(deps, request) : BEARER.exec(header)?.[1];
  return token === undefined ? refuse("unauthenticated") : await deps.auth.authenticate(token);
}

function countedCookie(deps: Pick<ApiDeps, "origins">, request: Request): string | undefined {
  return cookieCounts(request, deps.origins) ? cookieToken(request) : undefined;
}
