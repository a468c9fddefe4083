import { expect, test } from "bun:test";
import { createECDH, randomBytes } from "node:crypto";
import { decrypt } from "http_ece";
import {
  encryptMessage,
  MESSAGE_BYTES_MAX,
  parseReceiver,
  sealRecord,
  TEXT_BYTES_MAX,
} from "./encrypt.ts";
import type { Receiver } from "./encrypt.ts";

const bytes = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ""), "base64url");
const EXAMPLE = Buffer.from("When I grow up, I want to be a watermelon");

test("[N1] gives the message of RFC 8291, appendix A", () => {
  const to = parseReceiver({
    p256dh:
      "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    auth: "BTBZMqHH6r4Tts7J_aSIgg",
  });
  const sealed = encryptMessage(EXAMPLE, to as Receiver, {
    private_key: bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
    salt: bytes("DGv6ra1nlYgDCS1FRnbzlw"),
  });
  expect(sealed.toString("base64url")).toBe(
    bytes(`DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml
      mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT
      pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN`).toString("base64url"),
  );
});

test("[N1] gives the message of RFC 8188, 3.1", () => {
  const sealed = sealRecord(Buffer.from("I am the walrus"), {
    salt: bytes("I1BsxtFttlv3u_Oo94xnmw"),
    secret: bytes("yqdlZ-tYemfogSmv7Ws5PQ"),
    name: Buffer.alloc(0),
    padded: "I am the walrus".length,
  });
  expect(sealed.toString("base64url")).toBe(
    "I1BsxtFttlv3u_Oo94xnmwAAEAAA-NAVub2qFgBEuQKRapoZu-IxkIva3MEB1PD-ly8Thjg",
  );
});

/** What a browser keeps of its subscription, and the reading of it by a library of others. */
function browser(): { to: Receiver; read: (sealed: Buffer) => Buffer } {
  const pair = createECDH("prime256v1");
  pair.generateKeys();
  const auth = randomBytes(16);
  return {
    to: { p256dh: pair.getPublicKey(), auth },
    read: (sealed) =>
      decrypt(sealed, {
        version: "aes128gcm",
        privateKey: pair,
        authSecret: auth.toString("base64url"),
      }),
  };
}

/** The zeros behind the text are gone; a library that leaves the end mark would show. */
test("[N1] others read what we write, of every length, and lengths say little", () => {
  const { to, read } = browser();
  const lengths = new Set<number>();
  for (const length of [0, 1, 200, 255, 256, 257, 1000, 3000, TEXT_BYTES_MAX - 1, TEXT_BYTES_MAX]) {
    const text = randomBytes(length);
    const sealed = encryptMessage(text, to);
    expect(sealed.length).toBeLessThanOrEqual(MESSAGE_BYTES_MAX);
    expect(read(sealed).equals(text)).toBe(true);
    if (length <= 256) lengths.add(sealed.length);
  }
  expect(lengths.size).toBe(1);
});

test("[N1] the same text is another message each time, and a longer one than fits is refused", () => {
  const { to } = browser();
  const sealed = [1, 2].map(() => encryptMessage(EXAMPLE, to));
  expect(sealed[0]?.equals(sealed[1] as Buffer)).toBe(false);
  expect(sealed[0]?.subarray(21, 86)).not.toEqual(sealed[1]?.subarray(21, 86));
  expect(() => encryptMessage(Buffer.alloc(TEXT_BYTES_MAX + 1), to)).toThrow(RangeError);
});

test("[N1] keys that are none are refused", () => {
  const good = {
    p256dh: browser().to.p256dh.toString("base64url"),
    auth: "BTBZMqHH6r4Tts7J_aSIgg",
  };
  expect(parseReceiver(good)).toBeDefined();
  for (const bad of [{ p256dh: "p" }, { auth: "a" }, { p256dh: good.auth }, { auth: good.p256dh }])
    expect(parseReceiver({ ...good, ...bad })).toBeUndefined();
  const nowhere = Buffer.alloc(65, 7);
  nowhere[0] = 4;
  expect(() => encryptMessage(EXAMPLE, { p256dh: nowhere, auth: Buffer.alloc(16) })).toThrow();
});
