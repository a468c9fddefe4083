/** Apple's push service: the way to iPhones and iPads. Rule N14. */
import { createPrivateKey } from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { PushTarget } from "@damso/core/ports/account-records";
import type { PushSender, SendOutcome } from "@damso/core/ports/push";
import { signJwt } from "../outbound/jwt.ts";
import { later } from "../outbound/retry.ts";
import { headersOf, payloadOf } from "./payload.ts";
import { createSession } from "./session.ts";
import type { Answer, SessionOptions } from "./session.ts";

export const APNS_URL = "https://api.push.apple.com";
export const APNS_SANDBOX_URL = "https://api.sandbox.push.apple.com";

export type ApnsKey = { key_id: string; team_id: string; key: KeyObject };

export type ApnsOptions = {
  key: ApnsKey;
  now: () => number;
  session: Pick<SessionOptions, "url"> & Partial<SessionOptions>;
};

const TIMEOUT_MS = 10_000;
const PING_MS = 60_000;
/** Apple wants a token that is at least 20 and at most 60 minutes old when it is replaced. */
const TOKEN_MS = 40 * 60_000;
const TOKEN_MIN_MS = 20 * 60_000;

/** Reads the `.p8` file of a key. Throws for what is none. */
export function parseApnsKey(pem: string, key_id: string, team_id: string): ApnsKey {
  return { key_id, team_id, key: createPrivateKey(pem) };
}

export function openApns({ key, now, session: wanted }: ApnsOptions): PushSender {
  const session = createSession({ timeout_ms: TIMEOUT_MS, ping_ms: PING_MS, ...wanted });
  const tokens = createTokens(key, now);
  return {
    async send(delivery) {
      const { target } = delivery;
      if (target.kind !== "apns" || refusalOf(target) !== undefined)
        return { outcome: "refused", why: "address" };
      const token = tokens.token();
      const headers = {
        authorization: `bearer ${token}`,
        ...headersOf(delivery, target.topic, now()),
      };
      const path = `/3/device/${target.token}`;
      try {
        const answer = await session.request({ path, headers, body: payloadOf(delivery) });
        if (reasonOf(answer.body) === EXPIRED) tokens.drop(token);
        return outcomeOf(answer, now());
      } catch (error) {
        return { outcome: "later", why: (error as { code?: string }).code ?? "network" };
      }
    },
    serviceOf: () => "apns",
    refusal: refusalOf,
    close: () => session.close(),
  };
}

/** Apple says that tokens may get longer; these have 100 bytes. */
const TOKEN = /^[0-9A-Fa-f]{1,200}$/;
const TOPIC = /^[A-Za-z0-9.-]{1,255}$/;

/**
 * Both are a stranger's words, and go into the head of a request: one that no such head may hold would look like a
 * service that fails, and break the connection that all others share.
 */
function refusalOf(target: PushTarget): string | undefined {
  if (target.kind !== "apns") return "not for APNs";
  if (!TOKEN.test(target.token)) return "not the token of a device";
  return TOPIC.test(target.topic) ? undefined : "not the id of an app";
}

function createTokens(
  { key_id, team_id, key }: ApnsKey,
  now: () => number,
): { token: () => string; drop: (text: string) => void } {
  let kept: { text: string; at: number } | undefined;
  return {
    token() {
      if (kept && Math.abs(now() - kept.at) < TOKEN_MS) return kept.text;
      const claims = { iss: team_id, iat: Math.floor(now() / 1000) };
      kept = { text: signJwt({ alg: "ES256", kid: key_id }, claims, key), at: now() };
      return kept.text;
    },
    // Many hear of the same token at once. One that is old when it is young is so by a wrong clock, as its next would be.
    drop(text) {
      if (kept?.text === text && Math.abs(now() - kept.at) >= TOKEN_MIN_MS) kept = undefined;
    },
  };
}

const GONE = new Set(["BadDeviceToken", "Unregistered", "ExpiredToken"]);
const EXPIRED = "ExpiredProviderToken";

function outcomeOf({ status, headers, body }: Answer, now: number): SendOutcome {
  if (status === 200) return { outcome: "sent" };
  const why = reasonOf(body) ?? String(status);
  if (status === 410 || GONE.has(why)) return { outcome: "gone", why };
  if (why === EXPIRED || status === 429 || status >= 500)
    return later(why, headers["retry-after"] as string | undefined, now);
  return { outcome: "refused", why };
}

function reasonOf(body: string): string | undefined {
  try {
    const { reason } = JSON.parse(body) as { reason?: unknown };
    return typeof reason === "string" ? reason : undefined;
  } catch {
    return undefined;
  }
}
