import { expect, test } from "bun:test";
import { endAll } from "./stopping.ts";
import type { Ending } from "./stopping.ts";

const SILENT = new Promise<void>(() => {});

async function settle(): Promise<void> {
  for (let at = 0; at < 20; at++) await Promise.resolve();
}

function scene(parts: Partial<Record<string, Promise<void>>> = {}) {
  const said: string[] = [];
  const waits = new Map<number, { at: number; run: () => void }>();
  let now = 0;
  let timer = 0;
  const part = (name: string) => () => {
    said.push(`${name} ${now}`);
    return parts[name] ?? Promise.resolve();
  };
  const ending: Ending = {
    relay: { stop: part("relay") },
    live: { stop: part("live") },
    engine: { stop: part("engine") },
    withdraw: part("withdraw"),
    close: part("close"),
    log: { warn: (_message, { what } = {}) => void said.push(`late: ${String(what)}`) },
    timers: {
      after(ms, run) {
        const own = ++timer;
        waits.set(own, { at: now + ms, run });
        return () => void waits.delete(own);
      },
    },
  };
  async function advance(ms: number): Promise<void> {
    for (const until = now + ms; now < until; now += 100) {
      for (const [own, wait] of waits) if (wait.at <= now && waits.delete(own)) wait.run();
      await settle();
    }
  }
  return { ending, said, waits, advance };
}

test("[I20] shards are handed over at once, however long PostgreSQL says nothing, and the node ends in time", async () => {
  const { ending, said, advance } = scene({ relay: SILENT, live: SILENT, close: SILENT });
  let ended = false;
  void endAll(ending).then(() => (ended = true));
  await settle();
  expect(said).toEqual(["engine 0", "relay 0", "live 0"]);
  await advance(10_000);
  expect(ended).toBe(true);
  expect(said.filter((line) => line.startsWith("late"))).toHaveLength(3);
});

test("stores are closed when the shards are flushed, and not before", async () => {
  const flushing = Promise.withResolvers<void>();
  const { ending, said, waits, advance } = scene({ engine: flushing.promise });
  const ended = endAll(ending);
  await advance(20_000);
  expect(said).toEqual(["engine 0", "relay 0", "live 0"]);
  flushing.resolve();
  await ended;
  expect(said.slice(3)).toEqual(["withdraw 20000", "close 20000"]);
  expect(waits.size).toBe(0);
});
