import { afterEach, describe, expect, test } from "bun:test";
import { until } from "@damso/contracts/until";
import { done } from "@damso/core/result";
import { LIMITS } from "@damso/protocol/limits";
import { ANN, createScene } from "./scene.testing.ts";
import type { Scene } from "./scene.testing.ts";

let server: Bun.Server<undefined> | undefined;
afterEach(() => server?.stop(true));

/** The API behind a real listening socket. */
function listen(scene: Scene): string {
  server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: (r, s) => scene.api.fetch(r, s) });
  return `http://127.0.0.1:${server.port}`;
}

describe("behind a listening socket", () => {
  test("[X8] the page's own origin is the host that was asked for", async () => {
    const base = listen(createScene());
    const body = JSON.stringify({
      username: "ann",
      password: "x".repeat(8),
      name: "A",
      cookie: true,
    });
    const signUp = (origin: string) =>
      fetch(`${base}/v1/signup`, { method: "POST", body, headers: { origin } });
    expect((await signUp(base.replace(/\d+$/, "1"))).status).toBe(403);
    const signed = await signUp(base);
    expect([signed.status, signed.headers.getSetCookie().length]).toEqual([201, 3]);
  });

  test("the address of the peer is told to the limits", async () => {
    const scene = createScene();
    const heard: string[] = [];
    const { logIn } = scene.deps.auth;
    scene.deps.auth.logIn = (input, address) => {
      heard.push(address);
      return logIn(input, address);
    };
    const body = JSON.stringify({ username: "ann", password: "x" });
    await fetch(`${listen(scene)}/v1/login`, { method: "POST", body });
    expect(heard).toEqual(["127.0.0.1"]);
  });

  test("[P20] a large body in chunks of unknown length is refused with a document", async () => {
    const scene = createScene();
    const chunk = new Uint8Array(64 * 1024).fill(0x20);
    let left = LIMITS.frame_bytes_max / chunk.length + 2;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => (left-- > 0 ? controller.enqueue(chunk) : controller.close()),
    });
    const response = await fetch(`${listen(scene)}/v1/login`, { method: "POST", body });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: "too_large" });
  });

  test("[I20] a long poll whose client went away ends", async () => {
    const ended: boolean[] = [];
    let began = false;
    const scene = createScene({
      gateway: {
        poll: (_who, _query, signal) =>
          new Promise((resolve) => {
            began = true;
            signal?.addEventListener("abort", () => {
              ended.push(true);
              resolve(done({ feed: { id: "f" as never, head: 0 }, events: [], more: false }));
            });
          }),
      },
    });
    const ann = await scene.join(ANN, "ann");
    const hangup = new AbortController();
    const headers = { authorization: `Bearer ${ann.session_id}` };
    const url = `${listen(scene)}/v1/feed?after=0&wait=30`;
    const poll = fetch(url, { headers, signal: hangup.signal }).catch(() => "gone");
    await until(() => began, "a poll");
    hangup.abort();
    expect(await poll).toBe("gone");
    await until(() => ended.length === 1, "the end of the poll");
  });
});
