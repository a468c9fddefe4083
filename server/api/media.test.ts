import { beforeEach, describe, expect, test } from "bun:test";
import { keptType, MEDIA_LIMITS, parseMediaId } from "@damso/protocol/http/media";
import { createRateLimits } from "../gateway/limits.ts";
import type { Identity } from "../gateway/types.ts";
import { ANN, BEN, createScene, NOW } from "./scene.testing.ts";
import type { Given, Got, Scene } from "./scene.testing.ts";

const bytes = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]);
const PNG = { "content-type": "image/png" };

let scene: Scene;
let ann: Identity;
let ben: Identity;
beforeEach(async () => {
  scene = createScene();
  ann = await scene.join(ANN, "ann");
  ben = await scene.join(BEN, "ben");
});

const upload = (given: Given = {}): Promise<Got> =>
  scene.call("POST", "/v1/media", { as: ann, bytes, headers: PNG, ...given });

async function read(id: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const authorization = `Bearer ${ben.session_id}`;
  const request = new Request(`http://chat.example/v1/media/${String(id)}`, {
    headers: { authorization, ...headers },
  });
  return await scene.api.fetch(request);
}

const content = async (response: Response): Promise<number[]> => [
  ...new Uint8Array(await response.arrayBuffer()),
];

describe("uploads", () => {
  test("[M1][M2] what was uploaded is read by whoever knows its id, as it was", async () => {
    const { status, body } = await upload();
    expect(status).toBe(201);
    expect(body).toEqual({ id: body["id"], content_type: "image/png", bytes: 8 });
    expect(parseMediaId(String(body["id"]))?.owner).toBe(ANN);
    const found = await read(body["id"]);
    expect(found.status).toBe(200);
    expect(found.headers.get("content-length")).toBe("8");
    expect(await content(found)).toEqual([...bytes]);
  });

  test("[M1] nothing, and more than there may be, is refused and not kept", async () => {
    expect((await upload({ bytes: "" })).body["code"]).toBe("empty");
    const declared = { ...PNG, "content-length": String(MEDIA_LIMITS.bytes_max + 1) };
    expect((await upload({ headers: declared })).status).toBe(413);
    const piece = new Uint8Array(1024 * 1024);
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 1;
        if (sent > 40) controller.close();
        else controller.enqueue(piece);
      },
    });
    expect((await upload({ bytes: endless })).status).toBe(413);
    expect(sent).toBeLessThan(40);
  });

  test("[M2] a stranger, and an id that nobody has, gets nothing", async () => {
    const { body } = await upload();
    const path = `/v1/media/${String(body["id"])}`;
    expect((await scene.call("GET", path)).status).toBe(401);
    expect((await scene.call("POST", "/v1/media", { bytes })).status).toBe(401);
    const others = [`${"a".repeat(26)}-${ANN}`, "x", "..%2f..%2fkeys.json", `-${ANN}`];
    for (const id of others) expect((await read(id)).status).toBe(404);
  });

  test("[M5] uploads take from the bucket of requests, twenty calls each", async () => {
    const limits = createRateLimits({ now: () => NOW }, { on: true });
    scene = createScene({ rate_limits: limits });
    ann = await scene.join(ANN, "ann");
    for (let count = 0; count < 15; count += 1) expect((await upload()).status).toBe(201);
    expect((await upload()).body).toMatchObject({ code: "rate_limited", retry_after_ms: 400 });
  });
});

describe("answers", () => {
  test("[M2] one range is answered with it, one behind the end is none", async () => {
    const { id } = (await upload()).body;
    const part = await read(id, { range: "bytes=2-4" });
    expect([part.status, part.headers.get("content-range")]).toEqual([206, "bytes 2-4/8"]);
    expect(await content(part)).toEqual([3, 4, 5]);
    const rest = await read(id, { range: "bytes=6-" });
    expect(rest.headers.get("content-range")).toBe("bytes 6-7/8");
    expect(await content(rest)).toEqual([7, 8]);
    expect((await read(id, { range: "bytes=8-" })).status).toBe(416);
    for (const range of ["bytes=4-2", "bytes=0-1,3-4", "lines=1-2"]) {
      expect((await read(id, { range })).status).toBe(200);
    }
  });

  test("[M3] what could be a page is only saved, and nothing runs in what is shown", async () => {
    const kept = ["image/svg+xml", "text/html", "application/xhtml+xml", "", "image/PNG; a=b"];
    expect(kept.map(keptType)).toEqual([
      ...Array.from({ length: 4 }, () => "application/octet-stream"),
      "image/png",
    ]);
    const { id } = (await upload({ headers: { "content-type": "text/html" } })).body;
    const { headers } = await read(id);
    expect(headers.get("content-disposition")).toBe("attachment");
    expect(headers.get("content-security-policy")).toContain("sandbox");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  test("[M4] whoever uploaded a file deletes it, and nobody else", async () => {
    const { id } = (await upload()).body;
    const path = `/v1/media/${String(id)}`;
    expect((await scene.call("DELETE", path, { as: ben })).status).toBe(403);
    expect((await scene.call("DELETE", path, { as: ann })).status).toBe(204);
    expect((await scene.call("DELETE", path, { as: ann })).status).toBe(204);
    expect((await read(id)).status).toBe(404);
  });
});
