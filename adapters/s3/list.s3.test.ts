import { expect, test } from "bun:test";
import { openS3Blobs } from "./blobs.ts";
import { freshBucket } from "./bucket.testing.ts";
import { listS3Blobs } from "./list.ts";

test("[S20] a list has the key of every blob, over as many pages as there are", async () => {
  const url = freshBucket();
  const list = async (): Promise<string[]> => (await Array.fromAsync(listS3Blobs({ url }))).flat();
  expect(await list()).toEqual([]);
  const blobs = await openS3Blobs({ url });
  const keys = Array.from({ length: 1050 }, (_, at) => `media/${1000 + at}`);
  const waiting = keys.values();
  const put = async (): Promise<void> => {
    for (const key of waiting)
      await blobs.put(key, new Uint8Array(1), { content_type: "text/plain", created_at: 1 });
  };
  await Promise.all(Array.from({ length: 8 }, put));
  expect((await list()).toSorted()).toEqual(keys);
}, 120_000);
