import { blobsContract } from "../blobs.ts";
import type { BlobsData } from "./blobs.ts";
import { memoryBlobs } from "./blobs.ts";

blobsContract("memory", () => {
  const data: BlobsData = new Map();
  return Promise.resolve({
    open: () => Promise.resolve(memoryBlobs(data)),
    remove: () => Promise.resolve(),
  });
});
