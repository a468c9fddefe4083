/** Access tokens: JWTs (RFC 7519, HS256) for 15 minutes, made and checked without a look at any store. Rule X3. */
import type { Session } from "@damso/core/ports/account-records";
import type { Clock } from "@damso/core/ports/clock";
import { done, refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import { isSnowflake } from "@damso/protocol/ids";
import type { DeviceId, SessionId, UserId } from "@damso/protocol/ids";
import { errors, jwtVerify, SignJWT } from "jose";
import type { JWTPayload } from "jose";
import type { Keys } from "./keys.ts";

export const ACCESS_SECONDS = 900;
const ISSUER = "damso";
const TOKEN_LENGTH_MAX = 2048;
const CHECKED_MAX = 10_000;

export type Claims = {
  user_id: UserId;
  device_id: DeviceId;
  session_id: SessionId;
  /** Of the session when the token was made. */
  generation: number;
  /** ms since 1970 */
  expires_at: number;
};

export type AccessTokens = {
  make(session: Session): Promise<string>;
  /** `unauthenticated` for a token that is forged, expired or none. Says nothing of whether the session is alive. */
  check(token: string): Promise<Result<Claims>>;
};

export function createAccessTokens(
  keys: Pick<Keys, "kid" | "signing">,
  clock: Clock,
  checked_max: number = CHECKED_MAX,
): AccessTokens {
  const { kid } = keys;
  const imported = crypto.subtle.importKey(
    "raw",
    keys.signing.slice(),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign", "verify"],
  );
  // A client sends one token many times in its 15 minutes: the signature is computed once.
  const checked = new Map<string, Claims>();

  const verify = async (token: string): Promise<Claims | undefined> => {
    const { payload, protectedHeader } = await jwtVerify(token, await imported, {
      algorithms: ["HS256"],
      issuer: ISSUER,
      currentDate: new Date(clock.now()),
    });
    return protectedHeader.kid === kid ? toClaims(payload) : undefined;
  };

  return {
    make: async (session) => {
      const now = Math.floor(clock.now() / 1000);
      const { device_id, session_id, generation } = session;
      return await new SignJWT({ did: device_id, sid: session_id, gen: generation })
        .setProtectedHeader({ alg: "HS256", kid })
        .setIssuer(ISSUER)
        .setSubject(session.user_id)
        .setIssuedAt(now)
        .setExpirationTime(now + ACCESS_SECONDS)
        .sign(await imported);
    },
    check: async (token) => {
      if (token.length > TOKEN_LENGTH_MAX) return refuse("unauthenticated");
      const known = checked.get(token);
      if (known) return known.expires_at > clock.now() ? done(known) : refuse("unauthenticated");
      try {
        const claims = await verify(token);
        if (!claims) return refuse("unauthenticated");
        remember(checked, token, claims, checked_max);
        return done(claims);
      } catch (error) {
        if (error instanceof errors.JOSEError) return refuse("unauthenticated");
        throw error;
      }
    },
  };
}

/** When the map is full the oldest goes: its next use costs a signature again, nothing else. */
function remember(
  checked: Map<string, Claims>,
  token: string,
  claims: Claims,
  checked_max: number,
): void {
  if (checked.size >= checked_max) {
    const [oldest] = checked.keys();
    if (oldest !== undefined) checked.delete(oldest);
  }
  checked.set(token, claims);
}

function toClaims({ sub, did, sid, gen, exp }: JWTPayload): Claims | undefined {
  if (!isId(sub) || !isId(did) || !isId(sid)) return undefined;
  if (typeof gen !== "number" || exp === undefined) return undefined;
  return {
    user_id: sub as UserId,
    device_id: did as DeviceId,
    session_id: sid as SessionId,
    generation: gen,
    expires_at: exp * 1000,
  };
}

function isId(value: unknown): value is string {
  return typeof value === "string" && isSnowflake(value);
}
