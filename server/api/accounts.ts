/** Sign-up, log-in, tokens, and one's own account. Rules X1 to X5, X8, X11, X12. */
import type { User } from "@damso/core/ports/account-records";
import { done, refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import { COOKIES } from "@damso/protocol/http/accounts";
import type { Grant as GrantAnswer } from "@damso/protocol/http/accounts";
import type { Me } from "@damso/protocol/schema/account";
import type { Grant } from "../auth/sessions.ts";
import type { Identity } from "../gateway/types.ts";
import { identify } from "./auth.ts";
import type { Answer, Call, Handlers } from "./call.ts";
import { clearCookies, grantCookies } from "./cookies.ts";
import type { ApiDeps } from "./deps.ts";
import { isOwnOrigin, readCookie } from "./origin.ts";
import { profileOf } from "./profiles.ts";

type Tokens = { answer: GrantAnswer; cookies?: readonly string[] };

type Own = "signup" | "login" | "refresh" | "logout" | "getMe" | "patchMe" | "deleteMe";

export function accountHandlers(deps: ApiDeps): Handlers<Own> {
  const { auth } = deps;
  return {
    signup: ({ body, request, address, signal }) => {
      const { cookie, ...input } = body;
      return grant(deps, request, cookie, () => auth.signUp(input, address, signal));
    },
    login: ({ body, request, address, signal }) => {
      const { cookie, ...input } = body;
      return grant(deps, request, cookie, () => auth.logIn(input, address, signal));
    },
    refresh: (call) => refresh(deps, call),
    logout: (call) => logOut(deps, call),
    getMe: ({ caller }) => readMe(deps, caller),
    patchMe: (call) => patchMe(deps, call),
    deleteMe: async ({ caller, body, request, signal }) => {
      const result = await auth.deleteAccount(caller, body.password, signal);
      return result.ok ? { ...done(undefined), cookies: forget(request) } : result;
    },
  };
}

/** Gives tokens in the answer, or in cookies to a page of this host that asks for them. */
async function grant(
  deps: ApiDeps,
  request: Request,
  cookie: boolean | undefined,
  get: () => Promise<Result<Grant>>,
): Promise<Result<GrantAnswer> & { cookies?: readonly string[] }> {
  const allowed = mayAsk(deps, request, cookie);
  if (!allowed.ok) return allowed;
  const granted = await get();
  if (!granted.ok) return granted;
  const { answer, ...with_cookies } = tokensOf(request, cookie, granted.value);
  return { ...done(answer), ...with_cookies };
}

/** Cookies are given to pages of this host alone. */
export function mayAsk(
  { origins }: Pick<ApiDeps, "origins">,
  request: Request,
  cookie: boolean | undefined,
): Result<void> {
  return cookie !== true || isOwnOrigin(request, origins)
    ? done(undefined)
    : refuse("forbidden", "cookies are for pages of this server");
}

export function tokensOf(request: Request, cookie: boolean | undefined, granted: Grant): Tokens {
  const { user_id, device_id, access_token, refresh_token, expires_in } = granted;
  if (!cookie) return { answer: { user_id, device_id, access_token, refresh_token, expires_in } };
  const cookies = grantCookies(request, granted);
  return { answer: { user_id, device_id, expires_in }, cookies };
}

/** A token in the body comes back in the body, one in the cookie comes back in cookies. */
async function refresh(deps: ApiDeps, call: Call<"refresh">): Promise<Answer<"refresh">> {
  const { request, signal } = call;
  const named = call.body.refresh_token;
  const token = named ?? readCookie(request, COOKIES.refresh);
  if (token === undefined) return refuse("unauthenticated");
  const answer = await grant(deps, request, named === undefined, () =>
    deps.auth.refresh(token, signal),
  );
  const spent = !answer.ok && answer.refusal.code === "unauthenticated" && named === undefined;
  return spent ? { ...answer, cookies: clearCookies(request) } : answer;
}

async function logOut(deps: ApiDeps, call: Call<"logout">): Promise<Answer<"logout">> {
  const result = await endSession(deps, call);
  return result.ok ? { ...done(undefined), cookies: forget(call.request) } : result;
}

/** The session of the token named, else of the browser's cookie, else of whoever asks. */
async function endSession(
  deps: ApiDeps,
  { request, body, signal }: Call<"logout">,
): Promise<Result<void>> {
  if (body.refresh_token !== undefined) {
    return await deps.auth.logOutToken(body.refresh_token, signal);
  }
  const token = readCookie(request, COOKIES.refresh);
  if (token !== undefined && !request.headers.has("authorization")) {
    if (!isOwnOrigin(request, deps.origins)) return refuse("forbidden");
    return await deps.auth.logOutToken(token, signal);
  }
  const who = await identify(deps, request);
  return who.ok ? await deps.auth.logOut(who.value, signal) : who;
}

/** Only for a browser that has any: other clients are not given cookies to ignore. */
function forget(request: Request): string[] {
  return request.headers.has("cookie") ? clearCookies(request) : [];
}

async function readMe(deps: ApiDeps, caller: Identity): Promise<Result<Me>> {
  const [user] = await deps.accounts.users.byIds([caller.user_id]);
  return user ? done(meOf(user)) : refuse("unauthenticated");
}

/** The password first: a wrong one changes nothing else. */
async function patchMe(
  deps: ApiDeps,
  { caller, body, signal }: Call<"patchMe">,
): Promise<Result<Me>> {
  const { password, ...patch } = body;
  if (password) {
    const { old, new: next } = password;
    const changed = await deps.auth.changePassword(caller, old, next, patch, signal);
    return changed.ok ? done(meOf(changed.value)) : changed;
  }
  if (Object.keys(patch).length === 0) return await readMe(deps, caller);
  const now = deps.clock.now();
  const user = await deps.accounts.users.update(caller.user_id, patch, now, signal);
  return user ? done(meOf(user)) : refuse("unauthenticated");
}

function meOf(user: User): Me {
  const { deleted: _deleted, ...profile } = profileOf(user);
  return {
    ...profile,
    created_at: new Date(user.created_at).toISOString(),
    settings: user.settings,
  };
}
