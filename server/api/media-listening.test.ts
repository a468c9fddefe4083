/** Reading files from a listening server: what is opened for it is closed again, however the reader leaves. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { memoryBlobs } from "@damso/contracts/fakes/blobs";
import { until } from "@damso/contracts/until";
import type { Blobs } from "@damso/core/ports/blobs";
import { streamOf } from "./media-read.ts";
import { ANN, createScene } from "./scene.testing.ts";

const BYTES = 20 * 1024 * 1024;
const PIECE = new Uint8Array(64 * 1024);

/** Blobs that hold one large file, and how often its body was opened and closed. */
type Counted = Blobs & { opened: number; closed: number };

let server: Bun.Server<undefined>;
let blobs: Counted;
let url: string;
let headers: Record<string, string>;

function countedBlobs(): Counted {
  const counted: Counted = {
    ...memoryBlobs(),
    opened: 0,
    closed: 0,
    get: async (key) => ({ stat: await statOf(key), body: body() }),
    stat: statOf,
  };
  async function* body(): AsyncGenerator<Uint8Array> {
    counted.opened++;
    try {
      // As a disk that takes a moment to open a file: whoever leaves meanwhile is heard before the first piece.
      await Bun.sleep(20);
      for (let sent = 0; sent < BYTES; sent += PIECE.byteLength) yield PIECE;
    } finally {
      counted.closed++;
    }
  }
  return counted;
}

async function bodyOf(key: string): Promise<AsyncIterable<Uint8Array>> {
  const found = await blobs.get(key);
  if (!found) throw new Error("no such file");
  return found.body;
}

const statOf = async (key: string) => ({
  key,
  bytes: BYTES,
  content_type: "image/png",
  created_at: 1,
});

beforeEach(async () => {
  blobs = countedBlobs();
  const scene = createScene({ blobs });
  const ann = await scene.join(ANN, "ann");
  headers = { authorization: `Bearer ${ann.session_id}` };
  server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: (r, s) => scene.api.fetch(r, s) });
  url = `http://127.0.0.1:${server.port}/v1/media/${"a".repeat(26)}-${ANN}`;
});
afterEach(() => server.stop(true));

test("[M2] HEAD answers what GET would say of a file, and opens nothing", async () => {
  const asked = await fetch(url, { method: "HEAD", headers });
  expect(asked.status).toBe(200);
  expect(asked.headers.get("content-length")).toBe(String(BYTES));
  expect(asked.headers.get("content-type")).toBe("image/png");
  expect(await asked.text()).toBe("");
  const part = await fetch(url, { method: "HEAD", headers: { ...headers, range: "bytes=1-2" } });
  expect(part.status).toBe(200);
  expect(blobs.opened).toBe(0);
});

test("[M2] what a reader opened is closed when it goes away, whenever that is", async () => {
  for (const wait_ms of [0, 1, 5, 10, 30, 100]) {
    const hangup = new AbortController();
    const reading = fetch(url, { headers, signal: hangup.signal }).catch(() => "gone");
    await Bun.sleep(wait_ms);
    hangup.abort();
    await reading;
  }
  const whole = await fetch(url, { headers });
  expect((await whole.arrayBuffer()).byteLength).toBe(BYTES);
  expect(blobs.opened).toBeGreaterThan(1);
  await until(() => blobs.opened === blobs.closed, "everything to be closed");
});

test("[M2] a stream that nobody reads opens nothing; one cancelled while its file is being opened closes it", async () => {
  const unread = streamOf(await bodyOf("media/a"));
  await Bun.sleep(1);
  expect(blobs.opened).toBe(0);
  await unread.cancel();
  expect(blobs.opened).toBe(0);

  const reader = streamOf(await bodyOf("media/a")).getReader();
  const first = reader.read();
  await until(() => blobs.opened === 1, "the file to be opened");
  await reader.cancel();
  expect(await first).toEqual({ done: true, value: undefined });
  expect(blobs.closed).toBe(1);
});
