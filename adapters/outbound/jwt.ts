/** Signed tokens (RFC 7519), as push services want them from whoever sends. */
import { sign } from "node:crypto";
import type { KeyObject } from "node:crypto";

const DIGEST = { ES256: "sha256", RS256: "sha256" } as const;

export function signJwt(
  header: { alg: keyof typeof DIGEST } & Record<string, string>,
  claims: Record<string, string | number>,
  key: KeyObject,
): string {
  const signed = `${part({ typ: "JWT", ...header })}.${part(claims)}`;
  // ECDSA as two numbers side by side (RFC 7518, 3.4); RSA does not look at it.
  const signature = sign(DIGEST[header.alg], Buffer.from(signed), {
    key,
    dsaEncoding: "ieee-p1363",
  });
  return `${signed}.${signature.toString("base64url")}`;
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
