/**
 * Message encryption for Web Push: RFC 8291 over RFC 8188 (`aes128gcm`), one record. The key pair and the salt are used
 * once; nobody but the browser that made the subscription can read it, the push service included. Rule N1.
 */
import { createCipheriv, createECDH, hkdfSync, randomBytes } from "node:crypto";

/** Of a subscription: the browser's public key, uncompressed, and its secret for authentication. */
export type Receiver = { p256dh: Buffer; auth: Buffer };
/** What is made anew for each message; given by the tests of the RFCs' examples. */
export type Once = { private_key?: Buffer; salt?: Buffer };

/** What push services take at least, and so at most: RFC 8030, 7.2. */
export const MESSAGE_BYTES_MAX = 4096;
const TAG_BYTES = 16;
const PUBLIC_BYTES = 65;
const AUTH_BYTES = 16;
/** Salt, record size, length of the key's name, the key as its name. */
const HEADER_BYTES = 16 + 4 + 1 + PUBLIC_BYTES;
/** Less the octet that ends the text. */
export const TEXT_BYTES_MAX: number = MESSAGE_BYTES_MAX - HEADER_BYTES - TAG_BYTES - 1;
/** Text is filled up to a multiple of it. */
const PAD_BYTES = 256;
/** Ends the text of the last record (RFC 8188, 2); zeros follow. */
const LAST = 2;

/** The keys of a subscription, or undefined when they are none. */
export function parseReceiver(keys: { p256dh: string; auth: string }): Receiver | undefined {
  const p256dh = Buffer.from(keys.p256dh, "base64url");
  const auth = Buffer.from(keys.auth, "base64url");
  const whole = p256dh.length === PUBLIC_BYTES && p256dh[0] === 4 && auth.length === AUTH_BYTES;
  return whole ? { p256dh, auth } : undefined;
}

/** The body of the push. Throws for a text that is too long and for a key that is no point of the curve. */
export function encryptMessage(text: Buffer, to: Receiver, once: Once = {}): Buffer<ArrayBuffer> {
  if (text.length > TEXT_BYTES_MAX) throw new RangeError("the text does not fit into one push");
  const pair = createECDH("prime256v1");
  if (once.private_key) pair.setPrivateKey(once.private_key);
  else pair.generateKeys();
  const own = pair.getPublicKey();
  const info = Buffer.concat([Buffer.from("WebPush: info\0"), to.p256dh, own]);
  const secret = hkdf(to.auth, pair.computeSecret(to.p256dh), info, 32);
  const padded = once.private_key ? text.length : paddedLength(text.length);
  return sealRecord(text, { salt: once.salt ?? randomBytes(16), secret, name: own, padded });
}

export type Record = {
  salt: Buffer;
  /** Input of the key derivation. */
  secret: Buffer;
  name: Buffer;
  /** Length of the text with what fills it up. */
  padded: number;
  record_bytes?: number;
};

/** One record of RFC 8188 that is the first and the last. */
export function sealRecord(
  text: Buffer,
  { salt, secret, name, padded, record_bytes = MESSAGE_BYTES_MAX }: Record,
): Buffer<ArrayBuffer> {
  const key = hkdf(salt, secret, Buffer.from("Content-Encoding: aes128gcm\0"), 16);
  const nonce = hkdf(salt, secret, Buffer.from("Content-Encoding: nonce\0"), 12);
  const cipher = createCipheriv("aes-128-gcm", key, nonce);
  const filled = Buffer.alloc(padded + 1);
  text.copy(filled);
  filled[text.length] = LAST;
  const size = Buffer.alloc(5);
  size.writeUInt32BE(record_bytes);
  size.writeUInt8(name.length, 4);
  const sealed = [cipher.update(filled), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat([salt, size, name, ...sealed]);
}

const paddedLength = (length: number): number =>
  Math.min(Math.ceil(Math.max(length, 1) / PAD_BYTES) * PAD_BYTES, TEXT_BYTES_MAX);

const hkdf = (salt: Buffer, secret: Buffer, info: Buffer, length: number): Buffer =>
  Buffer.from(hkdfSync("sha256", secret, salt, info, length));
