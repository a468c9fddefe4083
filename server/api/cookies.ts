/** The cookies that a browser on the same origin keeps its tokens in; no script can read them. Rule X8. */
import { COOKIES } from "@damso/protocol/http/accounts";
import { isSecureOrigin } from "./origin.ts";

export type Tokens = { access_token: string; refresh_token: string; expires_in: number };

/** The calls that need the refresh token: it travels with no other. A cookie has one path, so there are two. */
const REFRESH_PATHS = ["/v1/refresh", "/v1/logout"] as const;
/** As long as browsers keep any cookie; how long the session lives is the server's to say. */
const REFRESH_SECONDS: number = 400 * 24 * 3600;

/** `Set-Cookie` values for a new pair of tokens. */
export function grantCookies(request: Request, tokens: Tokens): string[] {
  const secure = isSecureOrigin(request);
  const { access_token, refresh_token, expires_in } = tokens;
  return [
    cookie(COOKIES.access, access_token, "/v1", expires_in, secure),
    ...REFRESH_PATHS.map((path) =>
      cookie(COOKIES.refresh, refresh_token, path, REFRESH_SECONDS, secure),
    ),
  ];
}

/** `Set-Cookie` values that make the browser forget the tokens. */
export function clearCookies(request: Request): string[] {
  const secure = isSecureOrigin(request);
  return [
    cookie(COOKIES.access, "", "/v1", 0, secure),
    ...REFRESH_PATHS.map((path) => cookie(COOKIES.refresh, "", path, 0, secure)),
  ];
}

function cookie(
  name: string,
  value: string,
  path: string,
  seconds: number,
  secure: boolean,
): string {
  const parts = [`${name}=${value}`, `Path=${path}`, `Max-Age=${seconds}`, "HttpOnly"];
  return [...parts, "SameSite=Strict", ...(secure ? ["Secure"] : [])].join("; ");
}
