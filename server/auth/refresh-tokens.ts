/**
 * Refresh tokens: 16 bytes that name the family of one session's tokens and never change, then 32 bytes of secret.
 * The first secret is random; each later one is derived from the one before with a key of the server, so spending one
 * token twice gives one successor, and a repeated request needs no stored answer. The store sees hashes only.
 * The family handle lets an old token be recognised for what it is: it is known only to who once had a token. Rule X4.
 */
import { createHash, createHmac, randomBytes } from "node:crypto";
import type { TokenHashes } from "@damso/core/ports/account-records";
import type { Keys } from "./keys.ts";

const HANDLE_BYTES = 16;
const SECRET_BYTES = 32;
const FORM = /^[A-Za-z0-9_-]{64}$/;

export type RefreshTokens = {
  first(): string;
  /** The first token of a session that a secret opens: the same one whenever it is asked for. */
  ofSecret(secret: string): string;
  /** Undefined for a text that cannot be a token. */
  read(token: string): { hashes: TokenHashes; next: string; next_hash: string } | undefined;
};

export function createRefreshTokens(keys: Pick<Keys, "refresh">): RefreshTokens {
  return {
    first: () => randomBytes(HANDLE_BYTES + SECRET_BYTES).toString("base64url"),
    ofSecret: (secret) =>
      createHmac("sha512", keys.refresh)
        .update(`damso first token\n${secret}`)
        .digest()
        .subarray(0, HANDLE_BYTES + SECRET_BYTES)
        .toString("base64url"),
    read: (token) => {
      if (!FORM.test(token)) return undefined;
      const bytes = Buffer.from(token, "base64url");
      const handle = bytes.subarray(0, HANDLE_BYTES);
      const successor = createHmac("sha256", keys.refresh).update(bytes).digest();
      return {
        hashes: { family_hash: hash(handle), token_hash: hash(bytes.subarray(HANDLE_BYTES)) },
        next: Buffer.concat([handle, successor]).toString("base64url"),
        next_hash: hash(successor),
      };
    },
  };
}

/** Plain SHA-256: what is hashed is random, so there is nothing to guess. */
function hash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64url");
}
