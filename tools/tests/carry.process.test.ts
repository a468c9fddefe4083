/** The embedded server's data, carried into another directory, and put back from a backup. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openDiskBlobs } from "@damso/adapters/disk/blobs";
import {
  deviceFaults,
  faultsBetween,
  photograph,
  populate,
  runCommand,
  sendAgain,
  sendOne,
} from "../rig/carry.testing.ts";
import type { People, Photo } from "../rig/carry.testing.ts";
import { createRandom, seedOf } from "../rig/random.testing.ts";
import { endRig, startServer, temporary } from "../rig/server.ts";

const seed = seedOf("DAMSO_CARRY_SEED");
let data: string;
let people: People;
let before: Photo;
const folder = join(temporary("export"), "all");

beforeAll(async () => {
  const server = await startServer();
  ({ data } = server);
  people = await populate(server.origin, createRandom(seed));
  before = await photograph(people, server.origin);
  await server.stop();
  const blobs = await openDiskBlobs(join(data, "media"));
  const png = { content_type: "image/png", created_at: 5 };
  await blobs.put("media/a/b", new Uint8Array(300_000).fill(7), png);
  await blobs.put("avatar", new Uint8Array(0), png);
}, 120_000);
afterAll(endRig);

type Manifest = { tables: Record<string, { rows: number; sha256_sum: string }> };

async function manifestOf(path: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(path, "manifest.json"), "utf8")) as Manifest;
}

test("[S20] what is exported, imported elsewhere and exported again is the same, row by row", async () => {
  expect(await runCommand(["export", "--to", folder], { data })).toMatchObject({ code: 0 });
  const elsewhere = temporary("elsewhere");
  const imported = await runCommand(["import", "--from", folder], { data: elsewhere });
  expect(imported).toMatchObject({ code: 0 });
  const verified = await runCommand(["verify", "--of", folder], { data: elsewhere });
  expect(verified).toMatchObject({ code: 0 });
  const second = join(temporary("export"), "again");
  expect(await runCommand(["export", "--to", second], { data: elsewhere })).toMatchObject({
    code: 0,
  });
  const { tables } = await manifestOf(folder);
  expect((await manifestOf(second)).tables).toEqual(tables);
  for (const name of [
    "history.messages",
    "history.sends",
    "history.feed",
    "accounts.users",
    "media",
  ])
    expect(tables[name]?.rows).toBeGreaterThan(1);
}, 120_000);

test("[S20][D15][I4] in the new place everybody sees the same, devices are reset, and a retry finds its first seq", async () => {
  const elsewhere = temporary("elsewhere");
  await cp(join(data, "keys.json"), join(elsewhere, "keys.json"));
  expect((await runCommand(["import", "--from", folder], { data: elsewhere })).code).toBe(0);
  const server = await startServer({ data: elsewhere });
  const after = await photograph(people, server.origin);
  expect({ seed, faults: faultsBetween(before, after).slice(0, 10) }).toEqual({ seed, faults: [] });
  expect(await sendAgain(people, server.origin)).toEqual([]);
  const { resets } = people.device.replica;
  expect(await deviceFaults(people, server.origin)).toEqual([]);
  expect(people.device.replica.resets).toBe(resets + 1);
  expect(await sendAgain(people, server.origin)).toEqual([]);
  await server.stop();
}, 120_000);

test("[S20] neither a place in use, nor one with rows, nor a folder with files, nor half an import is taken", async () => {
  const server = await startServer({ data });
  const busy = await runCommand(["export", "--to", join(temporary("x"), "x")], { data });
  expect(busy).toEqual({ code: 1, output: `another Damso is running on ${data}\n` });
  await server.stop();
  const into = await runCommand(["import", "--from", folder], { data });
  expect(into.code).toBe(1);
  expect(into.output).toContain(`${data} has rows in accounts.users`);
  const full = await runCommand(["export", "--to", folder], { data });
  expect(full.output).toContain("is not empty: an export goes into a folder of its own");
  const nothing = await runCommand(["export", "--to", join(folder, "x")], {
    data: temporary("no"),
  });
  expect(nothing.output).toContain("no server has ever been started on");
  const none = await runCommand(["import", "--from", data], { data: temporary("none") });
  expect(none.output).toContain("it has no manifest.json");

  const damaged = join(temporary("damaged"), "all");
  await cp(folder, damaged, { recursive: true });
  const file = join(damaged, "history.messages.jsonl.gz");
  const whole = await readFile(join(folder, "history.bodies.jsonl.gz"));
  await rm(file);
  await writeFile(file, whole);
  const half = temporary("half");
  const torn = await runCommand(["import", "--from", damaged], { data: half });
  expect(torn.code).toBe(1);
  expect(torn.output).toContain("is not what the manifest says");
  const closed = await runCommand([], { data: half, port: "0" });
  expect(closed).toMatchObject({ code: 1 });
  expect(closed.output).toContain("has not come to its end: delete it, and import again");
  const restored = await runCommand(["restored"], { data: half });
  expect(restored).toMatchObject({ code: 1 });
  expect(restored.output).toContain("has not come to its end");
}, 120_000);

test("[D15][S9] a backup that is put back while devices are ahead of it resets them all", async () => {
  const here = temporary("backed-up");
  await mkdir(here, { recursive: true });
  await cp(data, here, { recursive: true });
  // What is acknowledged after the backup was made is lost with it, and devices know it.
  let server = await startServer({ data });
  const later: People = { ...people, sent: [] };
  expect(await deviceFaults(later, server.origin)).toEqual([]);
  for (let at = 0; at < 5; at++) await sendOne(later, server.origin, `lost ${at}`);
  expect(await deviceFaults(later, server.origin)).toEqual([]);
  await server.stop();
  const restored = await runCommand(["restored"], { data: here });
  expect(restored).toMatchObject({ code: 0 });
  server = await startServer({ data: here });
  const { resets } = later.device.replica;
  const now: People = { ...later, sent: [] };
  // The feed grows past what the device has, so that its position alone would look like one of this feed.
  for (let at = 0; at < 30; at++) await sendOne(now, server.origin, `after the restore ${at}`);
  expect(await deviceFaults(now, server.origin)).toEqual([]);
  expect(later.device.replica.resets).toBe(resets + 1);
  await server.stop();
}, 120_000);
