import { expect, test } from "bun:test";
import { DamsoError } from "@damso/sdk";
import { createScene } from "../testing/context.ts";
import { direct, message, talk } from "../testing/scene.ts";
import type { Chosen } from "./attachments.ts";
import { BYTES_MAX, createSending } from "./attachments.ts";
import { isOnlyFiles, lineOf } from "./files-text.ts";
import { createReporting } from "./report.ts";
import { en } from "./strings/en.ts";

const ann = direct(2);
const photo = (name: string, bytes = 10): Chosen => ({
  picked: { name, type: "image/jpeg", bytes, source: {} },
  size: { width: 40, height: 30 },
  thumbhash: "aGFzaA==",
});

function open() {
  const scene = createScene([talk(ann, [1, 2], [[2, 3, "hi"]])]);
  const { report, notice } = createReporting(scene.context);
  return { ...scene, notice, sending: createSending(scene.context, ann, report) };
}

test("what was chosen is uploaded, then sent as one message that names its files", async () => {
  const { sending, fake } = open();
  sending.add([photo("a.jpg"), photo("b.jpg")]);
  expect(await sending.send("  ", 1)).toBe(true);
  const sent = fake.calls.find(([name]) => name === "sendSoon");
  expect(sent?.[2]).toBe("a.jpg, b.jpg");
  expect(sent?.[3]).toMatchObject({
    reply_to: 1,
    attachments: [
      { id: "m1", kind: "image", name: "a.jpg", width: 40, height: 30, thumbhash: "aGFzaA==" },
      { id: "m2", kind: "image", name: "b.jpg" },
    ],
  });
});

test("a caption is the message's text", async () => {
  const { sending, fake } = open();
  sending.add([photo("a.jpg")]);
  await sending.send(" Look! ");
  expect(fake.calls.at(-1)?.slice(0, 3)).toEqual(["sendSoon", ann, "Look!"]);
});

test("what did not get there is tried again, what did is not uploaded twice", async () => {
  const { sending, fake, context, notice } = open();
  const { upload } = context.api;
  context.api.upload = (file, told) =>
    file.name === "b.jpg" ? Promise.reject(new DamsoError("disconnected")) : upload(file, told);
  sending.add([photo("a.jpg"), photo("b.jpg")]);
  expect(await sending.send("")).toBe(false);
  expect(notice.value).toBe(en.errors["disconnected"] ?? "");
  expect(fake.calls.map(([name]) => name)).toEqual(["upload"]);
  context.api.upload = upload;
  expect(await sending.send("")).toBe(true);
  expect(fake.calls.map(([name]) => name)).toEqual(["upload", "upload", "sendSoon"]);
});

test("too large, too many, and empty ones are not taken", () => {
  const { sending } = open();
  sending.add([photo("big.jpg", BYTES_MAX + 1), photo("none.jpg", 0), photo("a.jpg")]);
  expect(sending.refused.value).toEqual({ why: "too_large", name: "big.jpg" });
  expect(sending.items.value.map(({ picked }) => picked.name)).toEqual(["a.jpg"]);
  sending.add(Array.from({ length: 10 }, (_, index) => photo(`${index}.jpg`)));
  expect(sending.refused.value).toEqual({ why: "too_many" });
  expect(sending.items.value).toHaveLength(10);
  sending.drop(1);
  expect(sending.items.value).toHaveLength(9);
});

test("files have a line of their own where there is no room for them", () => {
  const attachment = { id: "m", kind: "image", name: "a.jpg", content_type: "", bytes: 1 } as const;
  const file = { ...attachment, kind: "file", name: "b.pdf" } as const;
  const line = (body: string, ...attachments: (typeof attachment | typeof file)[]): string =>
    lineOf(message(ann, 1, [2, 1, body, { attachments }]), en);
  expect(line("a.jpg", attachment)).toBe("📷 1 picture");
  expect(line("Look!", attachment)).toBe("📷 Look!");
  expect(line("b.pdf", file)).toBe("📎 b.pdf");
  expect(line("hello")).toBe("hello");
  expect(isOnlyFiles({ body: "", attachments: [] })).toBe(false);
});

test("who closes the window while it uploads sends nothing, and leaves nothing behind", async () => {
  const { sending, fake, context } = open();
  const { upload } = context.api;
  const uploads: (() => void)[] = [];
  context.api.upload = (file, told) =>
    new Promise((resolve) => uploads.push(() => resolve(upload(file, told))));
  sending.add([photo("a.jpg")]);
  const sent = sending.send("");
  sending.stop();
  for (const done of uploads) done();
  expect(await sent).toBe(false);
  expect(fake.calls).toEqual([
    ["upload", "a.jpg"],
    ["DELETE", "/v1/media/m1", undefined],
  ]);
});

test("what was uploaded and is not to be sent is taken away again", async () => {
  const { sending, fake, context } = open();
  const { upload } = context.api;
  context.api.upload = (file, told) =>
    file.name === "b.jpg" ? Promise.reject(new DamsoError("too_large")) : upload(file, told);
  sending.add([photo("a.jpg"), photo("b.jpg")]);
  expect(await sending.send("")).toBe(false);
  sending.drop(1);
  expect(fake.calls.at(-1)).toEqual(["DELETE", "/v1/media/m1", undefined]);
});
