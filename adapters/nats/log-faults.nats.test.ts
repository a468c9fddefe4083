/** The log contract under faults, made by a proxy that loses or holds back single messages of a real connection. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { logFaultContract } from "@damso/contracts/log";
import type { FaultyLog, LogFault } from "@damso/contracts/log";
import { settle } from "@damso/core/log/append";
import { freshName, natsServer } from "@damso/tools/services/services";
import { closeNats, connectNats } from "./connect.ts";
import { openNatsLog } from "./log.ts";
import { openProxy } from "./proxy.testing.ts";
import type { Direction, Frame, Proxy, Verdict } from "./proxy.testing.ts";

const START_MS = 600_000;

let nats: Awaited<ReturnType<typeof natsServer>>;
beforeAll(async () => void (nats = await natsServer()), START_MS);
afterAll(() => nats.stop());

type Faults = FaultyLog["faults"] & {
  /** When appends that are late have arrived and the server has answered them, which nobody hears. */
  arrived(): Promise<void>;
};

/** Appends to `subject` go wrong at the proxy. */
function faultsOf(proxy: Proxy, subject: string): Faults {
  let next: LogFault | undefined;
  let unheard = "";
  let arrived = Promise.withResolvers<void>();
  arrived.resolve();

  const append = ({ reply }: Frame): Verdict => {
    const fault = next;
    next = undefined;
    if (fault !== undefined) unheard = reply;
    if (fault === "lost") return "drop";
    if (fault === "late") arrived = Promise.withResolvers<void>();
    return fault === "late" ? "hold" : "pass";
  };
  const answer = (): Verdict => {
    arrived.resolve();
    return "drop";
  };
  proxy.judge = (frame: Frame, direction: Direction) => {
    if (direction === "up" && frame.subject === subject) return append(frame);
    return direction === "down" && frame.subject === unheard ? answer() : "pass";
  };
  let arriving: Promise<void> = Promise.resolve();
  return {
    fail: (fault) => void (next = fault),
    arrive() {
      arriving = arrived.promise;
      proxy.release();
    },
    arrived: () => arriving,
  };
}

async function open(): Promise<FaultyLog> {
  const proxy = openProxy(nats.urls[0] ?? "");
  const connection = await connectNats({ servers: [proxy.url], name: "fault test" });
  const prefix = freshName("damso");
  const log = await openNatsLog({ connection, prefix, epoch: 1, shard: 0, replicas: 1 });
  const faults = faultsOf(proxy, `${prefix}_log_1_0`);
  return {
    log: {
      ...log,
      async read(from, limit) {
        await faults.arrived();
        return await log.read(from, limit);
      },
    },
    faults,
    async close() {
      await closeNats(connection);
      proxy.close();
    },
  };
}

logFaultContract("NATS behind a proxy", open);

for (const fault of ["lost", "unanswered", "late"] as const) {
  test(`[S13] an append that was ${fault} is settled, and is there once`, async () => {
    const { log, faults, close } = await open();
    faults.fail(fault);
    const failures: unknown[] = [];
    const settling = {
      log,
      retried: (error: unknown) => failures.push(error),
      pause: async (ms: number) => {
        faults.arrive();
        await Bun.sleep(ms);
      },
      check() {},
    };
    const settled = await settle(settling, "first", 0);
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatchObject({ code: "unanswered", retry: true });
    expect(settled).toBe(fault === "lost" ? "appended" : "adopted");
    expect(await log.read(1, 10)).toEqual([{ seq: 1, text: "first" }]);
    expect(await settle(settling, "second", 1)).toBe("appended");
    expect(await settle(settling, "other", 1)).toBe("taken");
    await close();
  });
}
