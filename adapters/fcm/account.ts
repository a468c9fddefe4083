/** The service account that Google gives for a Firebase project, and the tokens that it signs for. Rule N13. */
import { createPrivateKey } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { signJwt } from "../outbound/jwt.ts";
import type { Post } from "../outbound/dial.ts";

export type ServiceAccount = {
  project_id: string;
  client_email: string;
  token_uri: string;
  key_id: string;
  key: KeyObject;
};

const SCOPE = "https://www.googleapis.com/auth/firebase.messaging";
const GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const ASSERTION_S = 3600;
/** A token is renewed so long before it ends. */
const RENEW_MS = 300_000;

/** Reads the JSON file of a service account. Throws with a sentence that says what is missing. */
export function parseAccount(text: string): ServiceAccount {
  const fields = parseFields(text);
  const of = (name: string): string => {
    const value = fields[name];
    if (typeof value !== "string" || value === "")
      throw new Error(`the service account for FCM lacks ${name}: download its key anew`);
    return value;
  };
  return {
    project_id: of("project_id"),
    client_email: of("client_email"),
    token_uri: of("token_uri"),
    key_id: of("private_key_id"),
    key: createPrivateKey(of("private_key")),
  };
}

function parseFields(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    throw new Error("the service account for FCM is not JSON: download its key anew");
  }
}

export type TokenSource = {
  /** Rejects when Google gives none. */
  token(): Promise<string>;
  /** This one is not taken any more. Many hear so at once, and one new token serves them all. */
  drop(token: string): void;
};

export function createTokens(account: ServiceAccount, post: Post, now: () => number): TokenSource {
  let kept: { token: Promise<string>; text?: string; ends_at: number } | undefined;
  return {
    token() {
      if (kept && kept.ends_at > now()) return kept.token;
      const ends_at = now() + ASSERTION_S * 1000 - RENEW_MS;
      const entry: NonNullable<typeof kept> = { token: Promise.resolve(""), ends_at };
      entry.token = askToken(account, post, now()).then(({ token, expires_ms }) => {
        entry.ends_at = Math.min(entry.ends_at, now() + expires_ms - RENEW_MS);
        entry.text = token;
        return token;
      });
      entry.token.catch(() => {
        if (kept === entry) kept = undefined;
      });
      kept = entry;
      return entry.token;
    },
    drop(token) {
      if (kept?.text === token) kept = undefined;
    },
  };
}

async function askToken(
  { client_email, token_uri, key_id, key }: ServiceAccount,
  post: Post,
  now: number,
): Promise<{ token: string; expires_ms: number }> {
  const iat = Math.floor(now / 1000);
  const claims = { iss: client_email, scope: SCOPE, aud: token_uri, iat, exp: iat + ASSERTION_S };
  const assertion = signJwt({ alg: "RS256", kid: key_id }, claims, key);
  const { status, body } = await post(token_uri, {
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ grant_type: GRANT, assertion }).toString(),
  });
  if (status !== 200) throw new Error(`no token for FCM: ${status}`);
  const { access_token, expires_in } = JSON.parse(body) as Record<string, unknown>;
  if (typeof access_token !== "string") throw new Error("no token for FCM: none in the answer");
  return { token: access_token, expires_ms: Number(expires_in ?? ASSERTION_S) * 1000 };
}
