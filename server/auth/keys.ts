/** The server's own secrets: made at the first start, then kept in one file that only its owner may read. */
import { link, readFile, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { syncPath, writeDurably } from "../durable.ts";

export type Keys = {
  /** Names the signing key in every token, so that a later key can be told from it. */
  kid: string;
  /** Signs access tokens (HS256). */
  signing: Uint8Array;
  /** Derives each refresh token from the one before. */
  refresh: Uint8Array;
};

const SECRET_BYTES = 32;

/** Where they are: in a cluster wherever the operator says, the same for all nodes. */
export function keysFile({ keys, data }: { keys: string; data: string }): string {
  return keys === "" ? join(data, "keys.json") : keys;
}

/** Reads the keys, or makes them. Throws when there is a file that holds none. */
export async function loadKeys(path: string): Promise<Keys> {
  return (await readKeys(path)) ?? (await makeKeys(path));
}

async function readKeys(path: string): Promise<Keys | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return undefined;
    throw error;
  }
  const keys = parseKeys(text);
  if (!keys)
    throw new Error(
      `${path} holds no keys: restore it from a backup, or delete it, which logs everyone out`,
    );
  return keys;
}

function parseKeys(text: string): Keys | undefined {
  try {
    const { kid, signing, refresh } = JSON.parse(text) as Record<string, unknown>;
    if (typeof kid !== "string" || kid === "") return undefined;
    const keys = { kid, signing: decode(signing), refresh: decode(refresh) };
    const whole = [keys.signing, keys.refresh].every((key) => key.byteLength === SECRET_BYTES);
    return whole ? keys : undefined;
  } catch {
    return undefined;
  }
}

function decode(text: unknown): Uint8Array {
  return Uint8Array.from(Buffer.from(String(text), "base64url"));
}

async function makeKeys(path: string): Promise<Keys> {
  const secret = (): string =>
    Buffer.from(crypto.getRandomValues(new Uint8Array(SECRET_BYTES))).toString("base64url");
  const text = JSON.stringify({ kid: crypto.randomUUID(), signing: secret(), refresh: secret() });
  const temporary = `${path}.${crypto.randomUUID()}`;
  await writeDurably(temporary, `${text}\n`);
  try {
    // A link fails where a rename would overwrite: of two processes that start at once, both use the first one's keys.
    await link(temporary, path);
  } catch (error) {
    if ((error as { code?: unknown }).code !== "EEXIST") throw error;
  } finally {
    await unlink(temporary);
  }
  await syncPath(dirname(path));
  const keys = await readKeys(path);
  if (!keys) throw new Error(`${path} vanished while it was being made`);
  return keys;
}
