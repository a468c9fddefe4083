/** A writer of a log while servers come and go, for the tests that do so. */
import { expect } from "bun:test";
import { settle } from "@damso/core/log/append";
import type { Log } from "@damso/core/ports/log";
import type { NatsConnection } from "@nats-io/transport-node";
import { connectNats } from "./connect.ts";
import { openNatsLog } from "./log.ts";

export type Opened = { connection: NatsConnection; log: Log; name: string };

export async function open(servers: string[], replicas: 1 | 3, prefix: string): Promise<Opened> {
  const connection = await connectNats({ servers, name: "nodes test" });
  const log = await openNatsLog({ connection, prefix, epoch: 1, shard: 0, replicas });
  return { connection, log, name: `${prefix}_log_1_0` };
}

/** Appends texts one after the other, as an owner does, until it is told to stop. */
export function write(log: Log): { texts: string[]; gap_ms(): number; stop(): Promise<void> } {
  const texts: string[] = [];
  const state = { stopped: false, gap_ms: 0 };
  const settling = {
    log,
    retried() {},
    pause: (ms: number) => Bun.sleep(ms),
    check() {
      if (state.stopped) throw new Error("the test is over and the append is not");
    },
  };
  async function run(): Promise<void> {
    for (let at = performance.now(); !state.stopped; at = performance.now()) {
      const text = `record ${texts.length + 1}`;
      expect(await settle(settling, text, texts.length)).not.toBe("taken");
      texts.push(text);
      state.gap_ms = Math.max(state.gap_ms, performance.now() - at);
    }
  }
  const running = run();
  return {
    texts,
    gap_ms: () => state.gap_ms,
    async stop() {
      state.stopped = true;
      await running;
    },
  };
}

export async function readAll(log: Log): Promise<string[]> {
  const texts: string[] = [];
  const { last } = await log.ends();
  while (texts.length < last) {
    const records = await log.read(texts.length + 1, 1000);
    expect(records.map(({ seq }) => seq)).toEqual(records.map((_, i) => texts.length + 1 + i));
    texts.push(...records.map(({ text }) => text));
  }
  return texts;
}

export async function longer(
  texts: readonly string[],
  by: number,
  deadline_ms: number,
): Promise<void> {
  const goal = texts.length + by;
  const end = performance.now() + deadline_ms;
  while (texts.length < goal) {
    if (performance.now() > end) throw new Error(`${goal - texts.length} appends are missing`);
    await Bun.sleep(10);
  }
}
