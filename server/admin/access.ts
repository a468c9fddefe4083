/** Who runs this server, as far as a request can show it. Rules A1, A2. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Users } from "@damso/core/ports/accounts";
import type { Clock } from "@damso/core/ports/clock";
import { done, refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import type { UserId } from "@damso/protocol/ids";
import type { Admin } from "../api/call.ts";
import { addressKey, createBucket } from "../auth/limits.ts";
import type { Identity } from "../gateway/types.ts";

export type AccessDeps = {
  /** Empty: there is no token. */
  token: string;
  /** Whether the user whose account was made first may. */
  first_user: boolean;
  users: Pick<Users, "first">;
  identify: (request: Request) => Promise<Result<Identity>>;
  clock: Clock;
};

export type Access = (request: Request, address: string) => Promise<Result<Admin>>;

/** Who guesses gets no further than this, from one address; whoever is somebody is not counted. */
const GUESSES = { burst: 10, per_second: 1 / 10 };
/** A page that looks every second, several times over. */
const CALLS = { burst: 120, per_second: 20 };

const BEARER = /^bearer +(\S+)$/i;

export function createAccess(deps: AccessDeps): Access {
  const { token, identify, clock } = deps;
  const guesses = createBucket(clock, GUESSES);
  const calls = createBucket(clock, CALLS);
  const isToken = sameAs(token);
  const isFirst = firstUser(deps);

  const admitted = async (request: Request, presented: string): Promise<Result<Admin>> => {
    if (isToken(presented)) return done({ by: "token" });
    const who = await identify(request);
    if (!who.ok) return who;
    const { user_id } = who.value;
    if (await isFirst(user_id)) return done({ by: "user", user_id });
    return refuse("forbidden", "not an administrator of this server");
  };

  return async (request, address) => {
    const from = addressKey(address);
    const wait_ms = guesses.take(from);
    if (wait_ms > 0) return refuse("rate_limited", undefined, wait_ms);
    const presented = BEARER.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
    const result = await admitted(request, presented);
    const isGuess = !result.ok && result.refusal.code === "unauthenticated" && presented !== "";
    if (!isGuess) guesses.give(from);
    if (!result.ok) return result;
    const late_ms = calls.take(result.value.by === "token" ? "token" : result.value.user_id);
    return late_ms > 0 ? refuse("rate_limited", undefined, late_ms) : result;
  };
}

/** Digests of one length are compared to their end, so the time tells nothing of where they differ. */
function sameAs(token: string): (presented: string) => boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  const wanted = digest(token);
  return (presented) => {
    const isSame = timingSafeEqual(digest(presented), wanted);
    return isSame && token !== "";
  };
}

/** Once there is a first user it stays the same for ever, so it is read once. */
function firstUser({ first_user, users }: AccessDeps): (user_id: UserId) => Promise<boolean> {
  let first: UserId | undefined;
  return async (user_id) => {
    if (!first_user) return false;
    first ??= await users.first();
    return first === user_id;
  };
}
