/** A log while the servers that keep it are killed, stand still and come back. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { freshName, natsNodes } from "@damso/tools/services/services";
import { jetstreamManager } from "@nats-io/jetstream";
import { closeNats } from "./connect.ts";
import { longer, open, readAll, write } from "./log-nodes.testing.ts";
import type { Opened } from "./log-nodes.testing.ts";

const START_MS = 600_000;
const TEST_MS = 90_000;
/** JetStream elects a leader after 4 to 9 s; the rest is what a busy machine may add. */
const GAP_MS_MAX = 15_000;

type Nodes = Awaited<ReturnType<typeof natsNodes>>;

let three: Nodes;
beforeAll(async () => void (three = await natsNodes(3)), START_MS);
afterAll(() => three.stop());

async function leaderOf({ connection, name }: Opened): Promise<number> {
  const jsm = await jetstreamManager(connection);
  const { cluster } = await jsm.streams.info(name);
  return Number(cluster?.leader?.slice(1));
}

const hurts = {
  killed: { hurt: (node: number) => three.kill(node), heal: (node: number) => three.restart(node) },
  "standing still": {
    hurt: (node: number) => three.pause(node),
    heal: (node: number) => three.resume(node),
  },
};

for (const [how, { hurt, heal }] of Object.entries(hurts)) {
  test(
    `[S13] when the leader of a log is ${how}, appends go on within 15 s, and none is lost or doubled`,
    async () => {
      const prefix = freshName("damso");
      const opened = await open(three.urls, 3, prefix);
      const { texts, gap_ms, stop } = write(opened.log);
      await longer(texts, 50, 10_000);
      const leader = await leaderOf(opened);
      await hurt(leader);
      try {
        await longer(texts, 50, 2 * GAP_MS_MAX);
      } finally {
        await heal(leader);
      }
      await longer(texts, 50, 2 * GAP_MS_MAX);
      await stop();
      expect(gap_ms()).toBeLessThan(GAP_MS_MAX);
      // Through each server: what it keeps itself may lag, what it answers may not.
      for (const url of three.urls) {
        const other = await open([url], 3, prefix);
        expect(await readAll(other.log)).toEqual(texts);
        await closeNats(other.connection);
      }
      await closeNats(opened.connection);
    },
    TEST_MS,
  );
}

test(
  "[S13] a record that was acknowledged is read at once, through whichever server",
  async () => {
    const prefix = freshName("damso");
    const opened = await Promise.all(three.urls.map((url) => open([url], 3, prefix)));
    for (let last = 0; last < 150; last++) {
      const writer = opened[last % 3]?.log;
      expect(await writer?.append(`r${last + 1}`, last)).toEqual({ ok: true, seq: last + 1 });
      for (const { log } of opened) {
        expect(await log.read(last + 1, 10)).toEqual([{ seq: last + 1, text: `r${last + 1}` }]);
      }
    }
    await Promise.all(opened.map(({ connection }) => closeNats(connection)));
  },
  TEST_MS,
);

test(
  "[S13] a server that is killed and started again has the log, and the connection comes back by itself",
  async () => {
    const alone = await natsNodes(1);
    const { connection, log } = await open(alone.urls, 1, freshName("damso"));
    const { texts, stop } = write(log);
    for (let times = 0; times < 3; times++) {
      await longer(texts, 20, 10_000);
      await alone.kill(0);
      await Bun.sleep(500);
      await alone.restart(0);
      await longer(texts, 20, GAP_MS_MAX);
    }
    await stop();
    expect(await readAll(log)).toEqual(texts);
    await closeNats(connection);
    await alone.stop();
  },
  TEST_MS,
);
