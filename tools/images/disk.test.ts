/** What the model of a disk holds possible after a power loss. */
import { afterAll, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createRandom } from "../rig/random.testing.ts";
import { endRig, temporary } from "../rig/server.ts";
import { diskAt, writeImage } from "./disk.testing.ts";
import type { Luck } from "./disk.testing.ts";
import type { Event } from "./trace.testing.ts";

afterAll(endRig);

const SYNCED = "synced, ";
const LATER = "x".repeat(9000);
const log: Event[] = [
  { op: "create", path: "log" },
  { op: "write", path: "log", data: Buffer.from(SYNCED) },
  { op: "sync", path: "log" },
  { op: "synced", path: "log" },
  { op: "write", path: "log", data: Buffer.from(LATER) },
];
const named: Event[] = [
  { op: "create", path: "tmp" },
  { op: "sync", path: "tmp" },
  { op: "synced", path: "tmp" },
  { op: "rename", path: "tmp", to: "CURRENT" },
];

function image(events: readonly Event[], luck: Luck, seed = 1): string {
  const place = temporary("disk-image");
  writeImage(diskAt(events, events.length), luck, createRandom(seed), place);
  return place;
}

const textOf = (place: string): string => readFileSync(join(place, "log"), "latin1");

test("[S2] with bad luck only what was synced is there, with good luck everything", () => {
  expect(textOf(image(log, "nothing"))).toBe(SYNCED);
  expect(textOf(image(log, "everything"))).toBe(SYNCED + LATER);
});

test("[S2] by chance there is a part of it or a hole in it, and what was synced is whole", () => {
  const texts = Array.from({ length: 40 }, (_, seed) => textOf(image(log, "by chance", seed)));
  expect(texts.filter((text) => !text.startsWith(SYNCED))).toEqual([]);
  const whole = texts.filter((text) => text.length === SYNCED.length + LATER.length);
  expect(texts.length).toBeGreaterThan(whole.length);
  expect(whole.filter((text) => text.includes("\0")).length).toBeGreaterThan(0);
});

test("[S2] a sync that did not return makes nothing durable", () => {
  expect(existsSync(join(image(log.slice(0, 3), "nothing"), "log"))).toBe(false);
});

test("[S2] a new name is there when the directory was synced, and may be missing before", () => {
  const current = (events: readonly Event[]): boolean =>
    existsSync(join(image(events, "nothing"), "CURRENT"));
  expect(current(named)).toBe(false);
  expect(existsSync(join(image(named, "nothing"), "tmp"))).toBe(true);
  expect(current([...named, { op: "sync", path: "" }])).toBe(false);
  expect(current([...named, { op: "sync", path: "" }, { op: "synced", path: "" }])).toBe(true);
});
