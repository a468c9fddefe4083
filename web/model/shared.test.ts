import { expect, test } from "bun:test";
import type { Attachment, Message } from "@damso/sdk";
import { DamsoError } from "@damso/sdk";
import { createScene, settle } from "../testing/context.ts";
import { direct, message, NOW, talk } from "../testing/scene.ts";
import { exportAll } from "./export.ts";
import { joinGroup, linkToGroup, linkToPerson, readLink } from "./invite.ts";
import { linkIn } from "./link.ts";
import { codeOf, createReporting } from "./report.ts";
import { createShared } from "./shared.ts";
import { sizeText } from "./size.ts";

const ann = direct(2);
const attachment = (id: string, kind: Attachment["kind"]): Attachment => ({
  id,
  kind,
  name: id,
  content_type: "",
  bytes: 1,
});

/** A history of `count` messages behind `GET …/messages`, the oldest with a picture, a file and a link. */
function open(count: number) {
  const scene = createScene([talk(ann, [1, 2], [])]);
  const all: Message[] = Array.from({ length: count }, (_, index) =>
    message(ann, index + 1, [2, 1, `m${index + 1}`]),
  );
  const attachments = [attachment("p", "image"), attachment("f", "file")];
  if (all[0]) all[0] = { ...all[0], body: "see https://a.example/x.", attachments };
  if (all[1]) all[1] = { ...all[1], truncated: true };
  const paths: string[] = [];
  scene.context.api.ask = async (_method, path) => {
    paths.push(path);
    if (path.endsWith("/messages/2")) return { ...all[1], body: "whole" } as never;
    const query = new URLSearchParams(path.split("?")[1]);
    const before = Number(query.get("before") ?? count + 1);
    const messages = all.slice(Math.max(0, before - 201), before - 1);
    return { messages, more_before: before > 201 } as never;
  };
  return { ...scene, paths };
}

test("what was shared is found going back, some hundred messages at a time", async () => {
  const { context, paths } = open(700);
  const shared = createShared(context, ann, createReporting(context).report);
  await shared.look();
  expect([shared.scanned.value, shared.more.value, shared.media.value.length]).toEqual([
    600,
    true,
    0,
  ]);
  await shared.look();
  expect([shared.scanned.value, shared.more.value]).toEqual([700, false]);
  expect(shared.media.value.map((each) => each.attachment.id)).toEqual(["p"]);
  expect(shared.files.value.map((each) => each.attachment.id)).toEqual(["f"]);
  expect(shared.links.value.map(({ url }) => url)).toEqual(["https://a.example/x"]);
  await shared.look();
  expect(paths).toHaveLength(4);
});

test("an export has every message in order, long ones whole", async () => {
  const { context, fake } = open(450);
  fake.me.get = async () => ({ username: "user1" }) as never;
  const told: number[] = [];
  const { json, messages } = await exportAll(context, (count) => told.push(count));
  const whole = JSON.parse(json) as { exported_at: string; channels: { messages: Message[] }[] };
  const bodies = whole.channels[0]?.messages.map(({ body }) => body);
  expect([messages, told, bodies?.length]).toEqual([450, [200, 400, 450], 450]);
  expect([bodies?.[1], bodies?.[2], bodies?.[449]]).toEqual(["whole", "m3", "m450"]);
  expect(whole.exported_at).toBe(new Date(NOW).toISOString());
});

test("an export that is too fast for the server waits and goes on", async () => {
  const { context, fake, run } = open(450);
  fake.me.get = async () => ({ username: "user1" }) as never;
  const { ask } = context.api;
  let refusals = 3;
  context.api.ask = async (...call) => {
    if (refusals > 0 && (refusals -= 1) >= 0) throw new DamsoError("rate_limited");
    return ask(...call);
  };
  const exported = exportAll(context, () => {});
  for (let waits = 0; waits < 3; waits += 1) {
    await settle();
    run();
  }
  expect((await exported).messages).toBe(450);
});

test("a link leads to a person or into a group, and back", async () => {
  const { context, fake } = createScene([talk(ann, [1, 2], [])]);
  const url = linkToPerson("http://here", "user3");
  const link = { kind: "person", username: "user3" } as const;
  expect(linkIn(new URL(url).searchParams, "")).toEqual(link);
  expect(await readLink(context, link)).toMatchObject({ person: { name: "Sam" } });
  context.api.ask = async (...call) => {
    fake.calls.push(call);
    return { invite: "a.b", expires_at: "x", id: "g1" } as never;
  };
  const made = await linkToGroup(context.api, "http://here", "g1" as never);
  expect(made.url).toBe("http://here/?join=a.b");
  expect(linkIn(new URL(made.url).searchParams, "")).toEqual({ kind: "group", invite: "a.b" });
  expect(String(await joinGroup(context, "a.b"))).toBe("g1");
  expect(fake.calls.map(([method, path]) => [method, path].join(" "))).toEqual([
    "POST /v1/channels/g1/invite",
    "POST /v1/invites/a.b",
  ]);
  expect(linkIn(new URLSearchParams("demo"), "")).toBeUndefined();
});

test("an invitation is over when the server says so, and not when there is no server", async () => {
  const { context } = createScene([talk(ann, [1, 2], [])]);
  let code: "not_found" | "disconnected" = "not_found";
  context.api.ask = () => Promise.reject(new DamsoError(code));
  const link = { kind: "group", invite: "a.b" } as const;
  expect(await readLink(context, link)).toBe("over");
  code = "disconnected";
  expect(await readLink(context, link).catch(codeOf)).toBe("disconnected");
});

test("a size is told in the unit that fits", () => {
  const sizes = [0, 999, 1536, 5 * 1024 * 1024, 3 * 1024 ** 3].map((bytes) =>
    sizeText(bytes, "en"),
  );
  expect(sizes).toEqual(["0 bytes", "999 bytes", "1.5 kB", "5 MB", "3 GB"]);
});
