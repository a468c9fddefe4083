import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { S3Client } from "bun";
import { blobsContract } from "@damso/contracts/blobs";
import { rejection } from "@damso/contracts/rejection";
import { until } from "@damso/contracts/until";
import type { Blobs } from "@damso/core/ports/blobs";
import { s3Node } from "@damso/tools/services/services";
import { parseAddress } from "./address.ts";
import { openS3Blobs } from "./blobs.ts";
import { freshBucket } from "./bucket.testing.ts";

const TEXT = { content_type: "text/plain; charset=utf-8", created_at: 1 };
const MEGABYTE = 1024 * 1024;

blobsContract("S3", async () => {
  const url = freshBucket();
  return { open: () => openS3Blobs({ url }), remove: () => Promise.resolve() };
});

/** Past the adapter. */
function clientOf(url: string): S3Client {
  const { endpoint, bucket, region, access_key, secret_key } = parseAddress(url);
  return new S3Client({
    endpoint,
    bucket,
    region,
    accessKeyId: access_key,
    secretAccessKey: secret_key,
  });
}

async function* pieces(count: number, last?: () => void): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < count; i++) yield await Promise.resolve(new Uint8Array(MEGABYTE).fill(i));
  last?.();
}

async function sizes(blobs: Blobs, key: string): Promise<number> {
  const found = await blobs.get(key);
  let bytes = 0;
  for await (const piece of found?.body ?? []) bytes += piece.byteLength;
  return bytes;
}

describe("objects", () => {
  test("[I11] one that is sent in parts comes back whole, and any range of it", async () => {
    const blobs = await openS3Blobs({ url: freshBucket() });
    const stat = await blobs.put("large", pieces(17), TEXT);
    expect(stat).toEqual({ key: "large", bytes: 17 * MEGABYTE, ...TEXT });
    expect(await blobs.stat("large")).toEqual(stat);
    expect(await sizes(blobs, "large")).toBe(17 * MEGABYTE);
    const found = await blobs.get("large", { start: 6 * MEGABYTE - 1, end: 6 * MEGABYTE + 1 });
    expect(Buffer.concat(await Array.fromAsync(found?.body ?? []))).toEqual(Buffer.from([5, 6]));
  }, 30_000);

  test("one whose sender fails after several parts leaves what was there, and nothing else", async () => {
    const url = freshBucket();
    const blobs = await openS3Blobs({ url });
    await blobs.put("large", new Uint8Array(3), TEXT);
    const gone = (): never => {
      throw new Error("gone");
    };
    expect(await rejection(blobs.put("large", pieces(17, gone), TEXT))).toMatchObject({
      message: "gone",
    });
    expect(await blobs.stat("large")).toMatchObject({ bytes: 3 });
    const listed = await clientOf(url).list();
    expect(listed.contents?.map(({ key }) => key)).toEqual(["large"]);
  }, 30_000);

  test("are plain bytes of their type for whoever reads the bucket", async () => {
    const url = freshBucket();
    const blobs = await openS3Blobs({ url });
    await blobs.put("media/a", new TextEncoder().encode("안녕"), TEXT);
    const file = clientOf(url).file("media!a");
    expect(await file.text()).toBe("안녕");
    expect((await file.stat()).type).toBe("text/plain; charset=utf-8; created-at=1");
  });

  test("that the store did not write are an error, not an object", async () => {
    const url = freshBucket();
    await clientOf(url).write("foreign", "x", { type: "text/plain" });
    const blobs = await openS3Blobs({ url });
    expect(await rejection(blobs.stat("foreign"))).toMatchObject({
      message: expect.stringContaining("not an object of this store"),
    });
  });

  test("a content type that is no header's text is refused before anything is sent", async () => {
    const blobs = await openS3Blobs({ url: freshBucket() });
    for (const content_type of ["", "a\r\nb: c", "x".repeat(300)]) {
      const meta = { content_type, created_at: 1 };
      expect(await rejection(blobs.put("a", new Uint8Array(1), meta))).toBeInstanceOf(Error);
    }
    expect(await blobs.stat("a")).toBeUndefined();
  });
});

describe("what is wrong at the start", () => {
  const open = (change: (url: URL) => void): Promise<Blobs> => {
    const url = new URL(freshBucket());
    change(url);
    return openS3Blobs({ url: url.href });
  };

  test("nobody listens", async () => {
    expect(await rejection(open((url) => (url.port = "1")))).toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("http://127.0.0.1:1/"),
    });
  });

  test("the secret is wrong, and it is not told", async () => {
    const failed = await rejection(open((url) => (url.password = "wrong")));
    expect(failed).toMatchObject({ code: "credentials" });
    expect(String(failed)).not.toContain("wrong");
  });

  test("the key is unknown", async () => {
    const failed = await rejection(open((url) => (url.username = "who")));
    expect(failed).toMatchObject({ code: "credentials" });
  });

  test("there is no such bucket", async () => {
    const failed = await rejection(open((url) => (url.pathname = "/no-such-bucket")));
    expect(failed).toMatchObject({
      code: "bucket",
      message: expect.stringContaining("no-such-bucket"),
    });
  });

  test("the address is none", async () => {
    const wrong = [
      "",
      "ftp://a:b@c/bucket",
      "http://a:b@c/",
      "http://c/bucket",
      "http://a:b@c/x/y",
    ];
    for (const url of wrong) {
      expect(await rejection(openS3Blobs({ url }))).toMatchObject({ code: "address" });
    }
  });
});

describe("a server of its own", () => {
  let node: Awaited<ReturnType<typeof s3Node>>;
  let blobs: Blobs;
  beforeEach(async () => {
    node = await s3Node();
    blobs = await openS3Blobs({ url: freshBucket(node), silence_ms: 1_000 });
    await blobs.put("a", new Uint8Array(10), TEXT);
  }, 60_000);
  afterEach(() => node.stop(), 60_000);

  const calls = (): Promise<unknown>[] => [
    blobs.put("a", new Uint8Array(20), TEXT),
    blobs.put("b", pieces(1), TEXT),
    blobs.stat("a"),
    blobs.get("a"),
    blobs.remove("a"),
  ];

  test("that is away is `unavailable`, and back again it has what was answered", async () => {
    await node.kill(0);
    const failed = await Promise.all(calls().map(rejection));
    for (const each of failed) expect(each).toMatchObject({ code: "unavailable" });
    // Whoever prints an error prints no signed address with it.
    expect(Bun.inspect(failed)).not.toContain("Signature");
    await node.restart(0);
    expect(await blobs.stat("a")).toMatchObject({ bytes: 10 });
    expect(await blobs.stat("b")).toBeUndefined();
  }, 60_000);

  test("that says nothing is `unavailable` in time", async () => {
    await node.pause(0);
    // A busy machine takes a moment until the last thread of the server has stopped.
    await Bun.sleep(200);
    const started = performance.now();
    const failed = await Promise.all(calls().map(rejection));
    for (const each of failed) expect(each).toMatchObject({ code: "unavailable" });
    expect(performance.now() - started).toBeLessThan(5_000);
    await node.resume(0);
    await until(() => blobs.put("c", new Uint8Array(1), TEXT).then(() => true), "a put", 5_000);
  }, 60_000);

  test("that dies in the middle of a put shows no part of it", async () => {
    async function* dying(): AsyncGenerator<Uint8Array> {
      yield* pieces(12);
      await node.kill(0);
      yield* pieces(12);
    }
    expect(await rejection(blobs.put("a", dying(), TEXT))).toMatchObject({ code: "unavailable" });
    await node.restart(0);
    expect(await blobs.stat("a")).toMatchObject({ bytes: 10 });
    expect(await sizes(blobs, "a")).toBe(10);
  }, 60_000);

  test("that stops taking in the middle of a put is `unavailable` in time, a slow sender is not", async () => {
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield* pieces(1);
      await Bun.sleep(2_500);
      yield* pieces(1);
    }
    expect(await blobs.put("slow", slow(), TEXT)).toMatchObject({ bytes: 2 * MEGABYTE });
    async function* stopping(): AsyncGenerator<Uint8Array> {
      yield* pieces(12);
      await node.pause(0);
      yield* pieces(200);
    }
    const started = performance.now();
    const failed = await rejection(blobs.put("a", stopping(), TEXT));
    expect(failed).toMatchObject({ code: "unavailable" });
    expect(performance.now() - started).toBeLessThan(8_000);
    await node.resume(0);
    expect(await blobs.stat("a")).toMatchObject({ bytes: 10 });
  }, 60_000);

  test("that dies in the middle of a read ends the read with an error", async () => {
    await blobs.put("large", pieces(30), TEXT);
    const found = await blobs.get("large");
    const reading = (async () => {
      let killed = false;
      for await (const piece of found?.body ?? []) {
        if (!killed && piece.byteLength > 0) await node.kill(0);
        killed = true;
      }
    })();
    expect(await rejection(reading)).toBeInstanceOf(Error);
  }, 60_000);
});
