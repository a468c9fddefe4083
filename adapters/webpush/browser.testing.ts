/** A browser's half of Web Push, and a push service that knows it: reading is done by a library of others. */
import { createECDH, randomBytes } from "node:crypto";
import type { ECDH } from "node:crypto";
import { decrypt } from "http_ece";
import type { PushTarget } from "@damso/core/ports/account-records";

export type Browser = {
  target: Extract<PushTarget, { kind: "webpush" }>;
  read(sealed: Uint8Array): string;
};

export function createBrowser(
  endpoint: string = "https://push.example/send/a1b2c3d4e5f6",
): Browser {
  const pair: ECDH = createECDH("prime256v1");
  pair.generateKeys();
  const authSecret = randomBytes(16).toString("base64url");
  return {
    target: {
      kind: "webpush",
      endpoint,
      keys: { p256dh: pair.getPublicKey("base64url"), auth: authSecret },
    },
    read: (sealed) =>
      decrypt(Buffer.from(sealed), {
        version: "aes128gcm",
        privateKey: pair,
        authSecret,
      }).toString(),
  };
}
