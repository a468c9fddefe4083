import { expect, test } from "bun:test";
import fs from "node:fs";
import net from "node:net";
import { guarded } from "./guard.ts";

const REAL: [name: string, touch: () => unknown][] = [
  ["Date.now", () => Date.now()],
  ["new Date()", () => new Date()],
  ["Date()", () => Date()],
  ["setTimeout", () => setTimeout(() => {}, 0)],
  ["setInterval", () => setInterval(() => {}, 1000)],
  ["setImmediate", () => setImmediate(() => {})],
  ["fetch", () => fetch("http://127.0.0.1:9/")],
  ["WebSocket", () => new WebSocket("ws://127.0.0.1:9/")],
  ["Worker", () => new Worker("data:text/javascript,")],
  ["Math.random", () => Math.random()],
  ["performance.now", () => performance.now()],
  ["crypto.getRandomValues", () => crypto.getRandomValues(new Uint8Array(1))],
  ["crypto.randomUUID", () => crypto.randomUUID()],
  ["fs.readFileSync", () => fs.readFileSync("/dev/null")],
  ["fs.existsSync", () => fs.existsSync("/dev/null")],
  ["net.connect", () => net.connect(9)],
  ["net.createServer", () => net.createServer()],
  ["Bun.serve", () => Bun.serve({ port: 0, fetch: () => new Response("") })],
  ["Bun.spawn", () => Bun.spawn(["true"])],
  ["Bun.write", () => Bun.write("/dev/null", "x")],
  ["Bun.nanoseconds", () => Bun.nanoseconds()],
  ["Bun.sleepSync", () => Bun.sleepSync(0)],
  ["MessageChannel", () => new MessageChannel()],
  ["BroadcastChannel", () => new BroadcastChannel("x")],
  ["WeakRef", () => new WeakRef({})],
  ["FinalizationRegistry", () => new FinalizationRegistry(() => {})],
  ["crypto.subtle.generateKey", () => crypto.subtle.generateKey("Ed25519", true, ["sign"])],
  ["process.uptime", () => process.uptime()],
  ["process.cpuUsage", () => process.cpuUsage()],
  ["process.memoryUsage", () => process.memoryUsage()],
  ["Intl.DateTimeFormat", () => new Intl.DateTimeFormat("en").format()],
];

for (const [name, touch] of REAL) {
  test(`a run that touches ${name} fails, also when it swallows the error`, () => {
    expect(() => guarded(touch)).toThrow(`${name} is real`);
    const swallowing = (): string => {
      try {
        touch();
      } catch {
        return "as if nothing had happened";
      }
      return "not refused";
    };
    expect(() => guarded(swallowing)).toThrow(`the run touched ${name}`);
  });
}

test("everything is back afterwards, whether the run ended well or not", () => {
  const was = [Date, setTimeout, fetch, Math.random, performance.now, fs.openSync, net.connect];
  expect(guarded(() => 42)).toBe(42);
  expect(() =>
    guarded(() => {
      throw new Error("a bug");
    }),
  ).toThrow("a bug");
  expect(() => guarded(() => Date.now())).toThrow();
  const now = [Date, setTimeout, fetch, Math.random, performance.now, fs.openSync, net.connect];
  for (const [n, real] of now.entries()) expect(real).toBe(was[n] as never);
  expect(Date.now()).toBeGreaterThan(0);
});

test("what only computes is allowed: a date of a given time, its text, its parsing", () => {
  const text = "2026-11-23T12:00:00.000Z";
  expect(guarded(() => new Date(Date.parse(text)).toISOString())).toBe(text);
  expect(guarded(() => new Date(0) instanceof Date)).toBe(true);
});
