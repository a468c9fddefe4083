/** Who sends: RFC 8292. One signed token for each push service, used until it has half an hour left. Rule N2. */
import { createECDH, createPrivateKey, hkdfSync } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { signJwt } from "../outbound/jwt.ts";

export type VapidKeys = {
  /** What browsers are given as `applicationServerKey`, in base64url. */
  public_key: string;
  private_key: KeyObject;
};

/** Of the group of the curve: how many scalars there are. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
/** Longer than the order, so that the remainder is as good as evenly spread (FIPS 186-5, A.2.1). */
const SEED_BYTES = 48;
const TOKEN_MS = 12 * 3_600_000;
const RENEW_MS = 1_800_000;
const SERVICES_MAX = 1000;

/** The key pair that belongs to a secret: whoever has the server's keys file has it too, on every node and for ever. */
export function deriveVapid(secret: Uint8Array): VapidKeys {
  const seed = Buffer.from(hkdfSync("sha256", secret, "", "damso vapid", SEED_BYTES));
  const scalar = (BigInt(`0x${seed.toString("hex")}`) % (ORDER - 1n)) + 1n;
  return keysOf(Buffer.from(scalar.toString(16).padStart(64, "0"), "hex"));
}

function keysOf(scalar: Buffer): VapidKeys {
  const pair = createECDH("prime256v1");
  pair.setPrivateKey(scalar);
  const point = pair.getPublicKey();
  const half = (from: number): string => point.subarray(from, from + 32).toString("base64url");
  const jwk = { kty: "EC", crv: "P-256", x: half(1), y: half(33), d: scalar.toString("base64url") };
  return {
    public_key: point.toString("base64url"),
    private_key: createPrivateKey({ key: jwk, format: "jwk" }),
  };
}

export type Vapid = {
  /** The `Authorization` header for an endpoint. */
  authorization(endpoint: string): string;
};

export function createVapid(
  { public_key, private_key }: VapidKeys,
  { subject, now }: { subject: string; now: () => number },
): Vapid {
  const tokens = new Map<string, { text: string; ends_at: number }>();
  return {
    authorization(endpoint) {
      const aud = new URL(endpoint).origin;
      const kept = tokens.get(aud);
      const left = (kept?.ends_at ?? 0) - now();
      if (kept && left > RENEW_MS && left <= TOKEN_MS) return kept.text;
      const ends_at = now() + TOKEN_MS;
      const claims = {
        aud,
        exp: Math.floor(ends_at / 1000),
        ...(subject !== "" && { sub: subject }),
      };
      const token = signJwt({ alg: "ES256" }, claims, private_key);
      const text = `vapid t=${token}, k=${public_key}`;
      if (tokens.size >= SERVICES_MAX) tokens.clear();
      tokens.set(aud, { text, ends_at });
      return text;
    },
  };
}
