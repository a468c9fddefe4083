/** A store behind https: its certificate is verified before anything is asked of it. */
import { afterAll, expect, test } from "bun:test";
import { rejection } from "@damso/contracts/rejection";
import { CERTIFICATE, PRIVATE_KEY } from "../outbound/certificate.testing.ts";
import { runTrusting } from "../outbound/trusting.testing.ts";
import { openS3Blobs } from "./blobs.ts";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const EMPTY =
  "<ListBucketResult><Name>media</Name><KeyCount>0</KeyCount><MaxKeys>1</MaxKeys><IsTruncated>false</IsTruncated></ListBucketResult>";

const asked: string[] = [];
const store = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  tls: { cert: CERTIFICATE, key: PRIVATE_KEY },
  fetch(request) {
    asked.push(request.url);
    return new Response(EMPTY, { headers: { "content-type": "application/xml" } });
  },
});
const folder = mkdtempSync(join(tmpdir(), "damso-s3-tls-"));
const ca = join(folder, "ca.pem");
writeFileSync(ca, CERTIFICATE);

afterAll(async () => {
  await store.stop(true);
  rmSync(folder, { recursive: true });
});

const urlAt = (host: string): string => `https://key:secret@${host}:${store.port}/media`;

function openTrusting(host: string): Promise<string> {
  const program = `const { openS3Blobs } = await import("./blobs.ts");
    await openS3Blobs({ url: ${JSON.stringify(urlAt(host))} });
    console.log("opened");`;
  return runTrusting(ca, import.meta.dir, program);
}

test("a store whose certificate nobody vouches for is refused, and is asked nothing", async () => {
  expect(await rejection(openS3Blobs({ url: urlAt("localhost") }))).toMatchObject({
    code: "certificate",
    message: expect.stringContaining(
      `https://localhost:${store.port}/media: TLS with the S3 store`,
    ),
  });
  expect(asked).toEqual([]);
});

test("one of a trusted authority is opened by the name in its certificate, and by no other", async () => {
  expect(await openTrusting("localhost")).toBe("opened\n");
  expect(asked.length).toBe(1);
  expect(await openTrusting("127.0.0.1")).toContain("ALTNAME");
  expect(asked.length).toBe(1);
});
