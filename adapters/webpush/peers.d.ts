/** What is used of two libraries that bring no types: the other side of Web Push in tests. */

declare module "http_ece" {
  import type { ECDH } from "node:crypto";
  export function decrypt(
    sealed: Buffer,
    options: { version: "aes128gcm"; privateKey: ECDH; authSecret: string },
  ): Buffer;
}

declare module "web-push" {
  type Subscription = { endpoint: string; keys: { p256dh: string; auth: string } };
  type Options = {
    vapidDetails: { subject: string; publicKey: string; privateKey: string };
    contentEncoding: "aes128gcm";
  };
  type Request = { headers: Record<string, string | number>; body: Buffer | null };
  const webPush: {
    generateRequestDetails(to: Subscription, text: string, options: Options): Request;
  };
  export default webPush;
}
