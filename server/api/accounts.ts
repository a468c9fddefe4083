/** Sign-up, log-in, tokens, and one's own account. Rules X1 to X5, X8, X11, X12. */
import type { User } from "@damso/core/ports/account-records";
import { done, refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import { COOKIES } from "@damso/protocol/http/accounts";
import type { Grant as GrantAnswer } from "@damso/protocol/http/accounts";
import type { Me, PatchMe } from "@damso/protocol/schema/account";
import type { Identity } from "../gateway/types.ts";
import { identify } from "./auth.ts";
import type { Answer, Call, Handlers } from "./call.ts";
import { clearCookies, grantCookies } from "./cookies.ts";
import type { ApiDeps, Grant } from "./deps.ts";
import { isOwnOrigin, readCookie } from "./origin.ts";
import { profileOf } from "./profiles.ts";

type Own = "signup" | "login" | "refresh" | "logout" | "getMe" | "patchMe" | "deleteMe";

export function accountHandlers(deps: ApiDeps): Handlers<Own> {
  const { auth } = deps;
  return {
    signup: ({ body, request, address }) => {
      const { cookie, ...input } = body;
      return grant(deps, request, cookie, () => auth.signUp(input, address));
    },
    login: ({ body, request, address }) => {
      const { cookie, ...input } = body;
      return grant(deps, request, cookie, () => auth.logIn(input, address));
    },
    refresh: (call) => refresh(deps, call),
    logout: (call) => logOut(deps, call),
    getMe: ({ caller }) => readMe(deps, caller),
    patchMe: ({ caller, body }) => patchMe(deps, caller, body),
    deleteMe: async ({ caller, body, request }) => {
      const result = await auth.deleteAccount(caller, body.password);
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
  if (cookie && !isOwnOrigin(request, deps.origins)) {
    return refuse("forbidden", "cookies are for pages of this server");
  }
  const granted = await get();
  if (!granted.ok) return granted;
  const { access_token, refresh_token, ...rest } = granted.value;
  if (!cookie) return done({ ...rest, access_token, refresh_token });
  return { ...done(rest), cookies: grantCookies(request, granted.value) };
}

/** A token in the body comes back in the body, one in the cookie comes back in cookies. */
async function refresh(deps: ApiDeps, call: Call<"refresh">): Promise<Answer<"refresh">> {
  const { request } = call;
  const named = call.body.refresh_token;
  const token = named ?? readCookie(request, COOKIES.refresh);
  if (token === undefined) return refuse("unauthenticated");
  const answer = await grant(deps, request, named === undefined, () => deps.auth.refresh(token));
  const spent = !answer.ok && answer.refusal.code === "unauthenticated" && named === undefined;
  return spent ? { ...answer, cookies: clearCookies(request) } : answer;
}

async function logOut(deps: ApiDeps, call: Call<"logout">): Promise<Answer<"logout">> {
  const { request } = call;
  const result = await endSession(deps, request, call.body.refresh_token);
  return result.ok ? { ...done(undefined), cookies: forget(request) } : result;
}

/** The session of the token named, else of the browser's cookie, else of whoever asks. */
async function endSession(
  deps: ApiDeps,
  request: Request,
  named: string | undefined,
): Promise<Result<void>> {
  if (named !== undefined) return await deps.auth.logOutToken(named);
  const token = readCookie(request, COOKIES.refresh);
  if (token !== undefined && !request.headers.has("authorization")) {
    if (!isOwnOrigin(request, deps.origins)) return refuse("forbidden");
    return await deps.auth.logOutToken(token);
  }
  const who = await identify(deps, request);
  return who.ok ? await deps.auth.logOut(who.value) : who;
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
async function patchMe(deps: ApiDeps, caller: Identity, body: PatchMe): Promise<Result<Me>> {
  const { password, ...patch } = body;
  if (password) {
    const changed = await deps.auth.changePassword(caller, password.old, password.new);
    if (!changed.ok) return changed;
  }
  if (Object.keys(patch).length === 0) return await readMe(deps, caller);
  const now = deps.clock.now();
  const user = await deps.accounts.users.update(caller.user_id, patch, now);
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
