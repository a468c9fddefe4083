import { expect, test } from "bun:test";
import { newHost } from "../kernel/host.ts";
import { small } from "./engines.testing.ts";
import type { Small } from "./engines.testing.ts";
import { CALM, placeOf } from "./network.ts";
import type { Weather } from "./network.ts";
import { callEngine } from "./service.ts";

const host = (name: string) => newHost(name, { offset_ms: 0, rate: 1 });

async function carried(weather: Partial<Weather>, count = 200): Promise<[Small, number[]]> {
  const world = small();
  world.network.weather = { ...CALM, ...weather };
  const [from, to] = [host("n1#1"), host("n2#1")];
  const seen: number[] = [];
  for (let n = 0; n < count; n++) world.network.datagram(from, to, "bus", () => seen.push(n));
  await world.elapse(5000);
  return [world, seen];
}

const sorted = (seen: number[]): number[] => [...seen].sort((a, b) => a - b);

test("on a calm bus every message arrives once and in order", async () => {
  const [, seen] = await carried({});
  expect(seen).toEqual(Array.from({ length: 200 }, (_, n) => n));
});

test("on a bad bus messages are lost, doubled and overtaken, and each is counted", async () => {
  const [lossy, some] = await carried({ loss: 0.3 });
  expect(some.length + (lossy.tally.faults()["bus message lost"] ?? 0)).toBe(200);
  expect(some).toEqual(sorted(some));
  const [doubling, twice] = await carried({ doubling: 0.3 });
  expect(twice.length - (doubling.tally.faults()["bus message doubled"] ?? 0)).toBe(200);
  const [, mixed] = await carried({ overtaking: 0.3 });
  expect(mixed).not.toEqual(sorted(mixed));
  expect(sorted(mixed)).toHaveLength(200);
});

test("a cut has a direction, holds for every program on the machine, and ends", async () => {
  const world = small();
  const { network } = world;
  network.cut("n1", "n2");
  const seen: string[] = [];
  const say = (from: string, to: string): void =>
    network.datagram(host(from), host(to), "bus", () => seen.push(`${from}>${to}`));
  say("n1#1", "n2#1");
  say("n1#7", "n2#1");
  say("n2#1", "n1#1");
  await world.elapse(100);
  network.heal();
  say("n1#7", "n2#1");
  await world.elapse(100);
  expect(seen).toEqual(["n2#1>n1#1", "n1#7>n2#1"]);
  expect(placeOf(host("n1#7"))).toBe("n1");
});

test("a call of an engine that is not answered times out, and may have run", async () => {
  const world = small();
  const { network } = world;
  let runs = 0;
  const call = (): Promise<string> => {
    const faults = { lost: 0, late: 0, unanswered: 0 };
    const run = (): number => ++runs;
    const answer = callEngine(world, world.host, "log", "append", run, { faults: () => faults });
    return world
      .driven({ answer: () => answer })
      .answer()
      .then(String, String);
  };
  expect(await call()).toBe("1");
  network.cut("n1", "log");
  expect(await call()).toContain("append timed out");
  expect(runs).toBe(1);
  network.heal();
  network.cut("log", "n1");
  expect(await call()).toContain("append timed out");
  expect(runs).toBe(2);
});
