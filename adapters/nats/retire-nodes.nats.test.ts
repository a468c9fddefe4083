/** Servers that are stopped in good order, one after the other, as for an upgrade: a writer is held up for a moment only. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { freshName, natsNodes } from "@damso/tools/services/services";
import { closeNats } from "./connect.ts";
import { longer, open, readAll, write } from "./log-nodes.testing.ts";

const START_MS = 600_000;
const TEST_MS = 120_000;
/** Half a second is what is aimed at, and is printed; as long as an election it must not take on any machine. */
const GAP_MS_MAX = 4000;

let three: Awaited<ReturnType<typeof natsNodes>>;
beforeAll(async () => void (three = await natsNodes(3)), START_MS);
afterAll(() => three.stop());

/** The server that holds the connection, which is also the worst one to stop. */
function serverOf(connection: { getServer(): string }): number {
  return three.urls.findIndex((url) => url === `nats://${connection.getServer()}`);
}

for (const [how, signal, times] of [
  ["told to end", "SIGTERM", 3],
  ["told to send its clients away first", "SIGUSR2", 1],
] as const) {
  test(
    `[S13] when the server that holds the connection is ${how}, appends go on within a second, and none is lost`,
    async () => {
      const opened = await open(three.urls, 3, freshName("damso"));
      const { texts, gap_ms, stop } = write(opened.log);
      for (let at = 0; at < times; at++) {
        await longer(texts, 50, 10_000);
        const node = serverOf(opened.connection);
        await three.retire(node, signal);
        await longer(texts, 50, 10_000);
        await three.restart(node);
      }
      await stop();
      console.log(`${signal}: ${Math.round(gap_ms())} ms at most without an answer`);
      expect(gap_ms()).toBeLessThan(GAP_MS_MAX);
      expect(await readAll(opened.log)).toEqual(texts);
      await closeNats(opened.connection);
    },
    TEST_MS,
  );
}
