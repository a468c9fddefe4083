import { S3Client } from "bun";
import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { createBucket, freshName, s3Node, s3Server } from "./services.ts";
import type { S3Address } from "./services.ts";

function clientOf(address: S3Address, bucket: string): S3Client {
  const { endpoint, access_key, secret_key, region } = address;
  return new S3Client({
    endpoint,
    accessKeyId: access_key,
    secretAccessKey: secret_key,
    region,
    bucket,
  });
}

test("the server of the run takes an object, and no request with a wrong signature", async () => {
  const s3 = await s3Server();
  const bucket = freshName("bucket");
  createBucket(s3, bucket);
  const client = clientOf(s3, bucket);
  await client.write("사진.txt", "hello");
  expect(await client.file("사진.txt").text()).toBe("hello");
  const signed = client.presign("사진.txt");
  expect((await fetch(signed)).status).toBe(200);
  expect((await fetch(signed.replace(/Signature=\w{8}/, "Signature=00000000"))).status).toBe(403);
  await s3.stop();
});

test("a killed server has its objects again after a restart, and nothing stays after the stop", async () => {
  const node = await s3Node();
  createBucket(node, "kept");
  const client = clientOf(node, "kept");
  await client.write("a", "1");
  await node.kill(0);
  const dead: unknown = await client
    .file("a")
    .text()
    .catch((error: unknown) => error);
  expect(dead).toBeInstanceOf(Error);
  await node.restart(0);
  expect(await client.file("a").text()).toBe("1");
  await node.stop();
  expect(existsSync(node.folder)).toBe(false);
});
