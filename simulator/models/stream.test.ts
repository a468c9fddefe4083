import { expect, test } from "bun:test";
import { newHost } from "../kernel/host.ts";
import { small } from "./engines.testing.ts";
import type { Small } from "./engines.testing.ts";
import { CALM } from "./network.ts";
import { createStream } from "./stream.ts";
import type { End, Stream } from "./stream.ts";

type Side = End & { seen: (string | number)[]; drains: number };
type Scene = { world: Small; stream: Stream; client: Side; server: Side };

function side(name: string): Side {
  const seen: Side["seen"] = [];
  const end: Side = {
    host: newHost(`${name}#1`, { offset_ms: 0, rate: 1 }),
    seen,
    drains: 0,
    message: (text) => void seen.push(text),
    closed: (code) => void seen.push(code),
    drained: () => void end.drains++,
  };
  return end;
}

function opened(seed?: string): Scene {
  const world = small(seed);
  const [client, server] = [side("phone"), side("n1")];
  return { world, client, server, stream: createStream(world, client, server) };
}

const numbers = Array.from({ length: 50 }, (_, n) => `${n}`);

test("frames arrive whole and in order, however many packets are lost", async () => {
  const { world, stream, client, server } = opened();
  world.network.weather = { ...CALM, delay_ms: 50, loss: 0.3 };
  for (const text of numbers) {
    stream.send("client", text);
    stream.send("server", text);
    await world.elapse(5);
  }
  await world.elapse(10_000);
  expect(client.seen).toEqual(numbers);
  expect(server.seen).toEqual(numbers);
  expect(world.tally.faults()["packet lost on a stream"]).toBeGreaterThan(10);
});

test("a cut is silence, then both sides find the stream broken; a short one only delays", async () => {
  const { world, stream, client, server } = opened();
  world.network.cut("n1", "phone");
  stream.send("client", "a");
  stream.send("server", "b");
  await world.elapse(5000);
  expect([client.seen, server.seen]).toEqual([[], ["b"]]);
  world.network.heal();
  await world.elapse(1000);
  expect(client.seen).toEqual(["a"]);
  world.network.cut("n1", "phone");
  stream.send("client", "never");
  await world.elapse(20_000);
  expect(stream.isOpen()).toBe(true);
  await world.elapse(10_000);
  expect(stream.isOpen()).toBe(false);
  expect([client.seen, server.seen]).toEqual([
    ["a", 1006],
    ["b", 1006],
  ]);
});

test("[I20] what a slow reader does not take waits at the sender, who hears when it has gone", async () => {
  const { world, stream, client, server } = opened();
  stream.hold(10_000);
  const body = "x".repeat(10_000);
  for (let n = 0; n < 20; n++) stream.send("client", body);
  await world.elapse(5000);
  expect(client.seen).toEqual([]);
  expect(stream.waiting("client")).toBe(200_000 - 4 * 1024);
  expect(server.drains).toBe(0);
  await world.elapse(10_000);
  expect(client.seen).toHaveLength(20);
  expect(stream.waiting("client")).toBe(0);
  expect(server.drains).toBeGreaterThan(0);
});

test("a close arrives behind what was sent before it, and nothing comes after it", async () => {
  const { world, stream, client, server } = opened();
  world.network.weather = { ...CALM, delay_ms: 100, loss: 0.3 };
  for (const text of numbers) stream.send("client", text);
  stream.close("client", 4001);
  stream.send("client", "behind");
  await world.elapse(10_000);
  expect(client.seen).toEqual([...numbers, 4001]);
  expect(server.seen).toEqual([]);
  expect(stream.isOpen()).toBe(false);
});

test("who writes to a program that is gone is told so, and the dead hear nothing", async () => {
  const { world, stream, client, server } = opened();
  server.host.alive = false;
  stream.send("server", "hello?");
  await world.elapse(1000);
  expect([client.seen, server.seen]).toEqual([[1006], []]);
});

test("a program that is stopped takes its frames when it goes on", async () => {
  const { world, stream, client } = opened();
  client.host.frozen_until = 3000;
  for (const text of ["a", "b"]) stream.send("client", text);
  await world.elapse(2900);
  expect(client.seen).toEqual([]);
  await world.elapse(1000);
  expect(client.seen).toEqual(["a", "b"]);
});
