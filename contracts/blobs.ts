/** What every blob store must do, whatever the engine. Run by each adapter and by the in-memory fake. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { Blobs } from "@damso/core/ports/blobs";
import { isBlobKey } from "@damso/core/ports/blobs";
import { rejection } from "./rejection.ts";

/** Where a store lives: it can be opened again after a close, and removed in the end. */
export type BlobsPlace = { open(): Promise<Blobs>; remove(): Promise<void> };

const PNG = { content_type: "image/png", created_at: 1_790_000_000_000 };

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

async function* streamOf(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield await Promise.resolve(bytesOf(text));
}

async function read(blobs: Blobs, key: string, start = 0, end?: number): Promise<string> {
  const found = await blobs.get(key, end === undefined ? { start } : { start, end });
  if (!found) return "(none)";
  const chunks = await Array.fromAsync(found.body);
  return Buffer.concat(chunks).toString();
}

export function blobsContract(engine: string, makePlace: () => Promise<BlobsPlace>): void {
  describe(`blobs on ${engine}`, () => {
    let place: BlobsPlace;
    let blobs: Blobs;
    beforeEach(async () => {
      place = await makePlace();
      blobs = await place.open();
    });
    afterEach(async () => {
      await blobs.close();
      await place.remove();
    });

    test("[I11] what was stored comes back byte for byte, also after a restart", async () => {
      const bytes = crypto.getRandomValues(new Uint8Array(65_536)).subarray(0, 65_000);
      const all = Buffer.concat([bytes, bytes, bytes, bytes]);
      const stat = await blobs.put("media/a.png", all, PNG);
      expect(stat).toEqual({ key: "media/a.png", bytes: all.byteLength, ...PNG });
      await blobs.close();
      blobs = await place.open();
      expect(await blobs.stat("media/a.png")).toEqual(stat);
      const found = await blobs.get("media/a.png");
      expect(found?.stat).toEqual(stat);
      const chunks = await Array.fromAsync(found?.body ?? []);
      expect(Buffer.compare(Buffer.concat(chunks), all)).toBe(0);
    });

    test("a stream is stored as its pieces in order, an empty one too", async () => {
      await blobs.put("a", streamOf("chat", "", "ting"), PNG);
      expect(await read(blobs, "a")).toBe("chatting");
      expect(await blobs.put("b", streamOf(), PNG)).toMatchObject({ bytes: 0 });
      expect(await read(blobs, "b")).toBe("");
    });

    test("a range is cut at the end of the object", async () => {
      await blobs.put("a", bytesOf("0123456789"), PNG);
      expect(await read(blobs, "a", 2, 5)).toBe("234");
      expect(await read(blobs, "a", 7)).toBe("789");
      expect(await read(blobs, "a", 8, 99)).toBe("89");
      expect(await read(blobs, "a", 10)).toBe("");
      expect(await read(blobs, "a", 99, 100)).toBe("");
      expect(await read(blobs, "a", 5, 5)).toBe("");
    });

    test("putting a key again replaces the object and what is known of it", async () => {
      await blobs.put("a", bytesOf("first, the longer"), PNG);
      const meta = { content_type: "text/plain", created_at: PNG.created_at + 1 };
      await blobs.put("a", bytesOf("second"), meta);
      expect(await blobs.stat("a")).toEqual({ key: "a", bytes: 6, ...meta });
      expect(await read(blobs, "a")).toBe("second");
    });

    test("a body that fails half-way changes nothing", async () => {
      async function* failing(): AsyncGenerator<Uint8Array> {
        yield await Promise.resolve(bytesOf("half"));
        throw new Error("the sender is gone");
      }
      const failed = await rejection(blobs.put("a", failing(), PNG));
      expect(failed).toMatchObject({ message: "the sender is gone" });
      expect(await blobs.stat("a")).toBeUndefined();
      await blobs.put("a", bytesOf("whole"), PNG);
      await rejection(blobs.put("a", failing(), PNG));
      expect(await read(blobs, "a")).toBe("whole");
    });

    test("an aborted signal stops a put in the middle", async () => {
      const controller = new AbortController();
      async function* aborting(): AsyncGenerator<Uint8Array> {
        yield await Promise.resolve(bytesOf("one"));
        controller.abort(new Error("enough"));
        yield bytesOf("two");
      }
      const put = blobs.put("a", aborting(), PNG, controller.signal);
      expect(await rejection(put)).toMatchObject({ message: "enough" });
      expect(await blobs.stat("a")).toBeUndefined();
      const late = [
        blobs.put("a", bytesOf("x"), PNG, controller.signal),
        blobs.get("a", undefined, controller.signal),
        blobs.stat("a", controller.signal),
        blobs.remove("a", controller.signal),
      ];
      for (const call of late) {
        expect(await rejection(call)).toMatchObject({ message: "enough" });
      }
    });

    test("[I16] a removed object is gone", async () => {
      await blobs.put("a", bytesOf("x"), PNG);
      expect(await blobs.remove("a")).toBe(true);
      expect(await blobs.remove("a")).toBe(false);
      expect(await blobs.stat("a")).toBeUndefined();
      expect(await blobs.get("a")).toBeUndefined();
    });

    test("an object replaced before its body was opened is not passed off as the old one", async () => {
      await blobs.put("a", bytesOf("old"), PNG);
      const found = await blobs.get("a");
      await blobs.put("a", bytesOf("new!"), PNG);
      const body = Array.fromAsync(found?.body ?? []);
      expect(await rejection(body)).toBeInstanceOf(Error);
    });

    test("puts of one key at once leave one of them, whole", async () => {
      const texts = Array.from({ length: 8 }, (_, i) => `${i}`.repeat(10_000 + i));
      await Promise.all(texts.map((text) => blobs.put("a", bytesOf(text), PNG)));
      expect(texts).toContain(await read(blobs, "a"));
    });

    test("keys that look alike are different objects, and one may be a prefix of another", async () => {
      const keys = ["a", "a/b", "a.b", "a-b", "a_b", "a/b/c", "ab", "a/b.c"];
      for (const key of keys) await blobs.put(key, bytesOf(key), PNG);
      for (const key of keys) expect(await read(blobs, key)).toBe(key);
    });

    test("a key that could leave the store or clash on some disk is refused", async () => {
      const bad = ["", "/a", "a/", "a//b", "..", "a/../b", "a/.b", ".a", "A", "a b", "a\\b", "a!b"];
      bad.push("é", "a\0", "-a", "a..b", "a\n", "x".repeat(201));
      for (const key of bad) {
        expect(isBlobKey(key)).toBe(false);
        expect(await rejection(blobs.put(key, bytesOf("x"), PNG))).toBeInstanceOf(Error);
      }
      expect(isBlobKey("x".repeat(200))).toBe(true);
    });
  });
}
