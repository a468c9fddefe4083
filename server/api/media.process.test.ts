/** A file left open ends the process when its handle is collected as garbage, so only a real one shows it. */
import { afterEach, expect, test } from "bun:test";
import { clearAll, makeDirectory, signUp, startServer } from "../live.testing.ts";

const BYTES = 3_000_000;

afterEach(clearAll);

test("[M2] a server outlives hundreds of HEADs of a file, and readers that leave", async () => {
  const server = await startServer(await makeDirectory(), "--rate-limits", "off");
  const ann = await signUp(server, "ann");
  const headers = { authorization: `Bearer ${ann.access_token}` };
  const media = new URL("/v1/media", server.url);
  const stored = await fetch(media, { method: "POST", headers, body: new Uint8Array(BYTES) });
  const { id } = (await stored.json()) as { id: string };
  const file = `${media.href}/${id}`;
  // Every one of them that leaves a handle behind is another chance: without care it ends within some dozens.
  for (let count = 0; count < 300; count++) {
    const asked = await fetch(file, { method: "HEAD", headers });
    expect([asked.status, asked.headers.get("content-length")]).toEqual([200, String(BYTES)]);
  }
  for (let count = 0; count < 30; count++) {
    const hangup = new AbortController();
    const reading = fetch(file, { headers, signal: hangup.signal }).catch(() => "gone");
    await Bun.sleep(count % 5);
    hangup.abort();
    await reading;
  }
  expect((await (await fetch(file, { headers })).arrayBuffer()).byteLength).toBe(BYTES);
  expect(server.log()).not.toContain('"level":"error"');
});
