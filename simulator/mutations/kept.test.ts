import { afterAll, beforeAll, expect, test } from "bun:test";
import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Hunted } from "./hunt.ts";
import { openKept } from "./kept.ts";
import { MUTATIONS } from "./table.ts";
import type { Mutation } from "./mutation.ts";

let dir: string;
beforeAll(async () => void (dir = await mkdtemp(join(tmpdir(), "damso-hunt-"))));
afterAll(() => rm(dir, { recursive: true }));

const OPTIONS = { seeds: 10, jobs: 1, repeat: 1 };
const opened = (file: string, program = "this", seeds = 10): ReturnType<typeof openKept> =>
  openKept(file, { ...OPTIONS, seeds }, program, () => Promise.resolve("this"));

const [first, second] = MUTATIONS as readonly [Mutation, Mutation];
const hunted: Hunted = {
  mutation: first,
  hunts: [{ seeds: 3, line: undefined }],
};

test("what was hunted is not hunted again, by the same program and with the same seeds", async () => {
  const file = join(dir, "kept");
  const piece = await opened(file);
  expect(piece.of(first)).toBeUndefined();
  await piece.keep(hunted);
  const next = await opened(file);
  expect(next.of(first)).toEqual(hunted.hunts as never);
  expect(next.of(second)).toBeUndefined();
});

test("a changed program, bug or count of seeds begins anew", async () => {
  const file = join(dir, "changed");
  await (await opened(file)).keep(hunted);
  expect((await opened(file, "that")).of(first)).toBeUndefined();
  expect((await opened(file, "this", 11)).of(first)).toBeUndefined();
  const changed = { ...first, plan: { night_ms: 1 } };
  expect((await opened(file)).of(changed)).toBeUndefined();
});

test("what was hunted in a program that was changed meanwhile is not kept", async () => {
  const file = join(dir, "meanwhile");
  const piece = await openKept(file, OPTIONS, "before", () => Promise.resolve("after"));
  await piece.keep(hunted);
  expect(await Bun.file(file).text()).toBe("");
});

test("a hunt whose process died is made again, and a line without its end is none", async () => {
  const file = join(dir, "died");
  const died = { seeds: undefined, line: undefined, died: "out of memory" };
  await (await opened(file)).keep({ mutation: first, hunts: [died] });
  expect((await opened(file)).of(first)).toBeUndefined();
  await (await opened(file)).keep(hunted);
  await appendFile(file, `{"key":"torn`);
  await (await opened(file)).keep({ ...hunted, mutation: second });
  const last = await opened(file);
  expect([last.of(first), last.of(second)]).toEqual([hunted.hunts, hunted.hunts] as never);
});
