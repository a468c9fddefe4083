/** Whole histories read while they grow, with the times of asking and of the answer: for a checker of histories. */
import type { ChannelId } from "@damso/protocol/ids";
import { readPages } from "../truth.testing.ts";
import type { World } from "./world.testing.ts";

export type Read = {
  channel: ChannelId;
  /** Undefined when no answer came. */
  client_ids: string[] | undefined;
  since_ms: number;
  until_ms: number;
};

const PAUSE_MS = 20;

/** Reads one channel after the other, each from its beginning, until the server is gone. */
export async function readOn(
  { cast, random, history }: World,
  origin: string,
  isOver: () => boolean,
): Promise<void> {
  if (!history) return;
  while (!isOver()) {
    const [channel, session] = random.pick([...cast.channels]);
    const since_ms = performance.now();
    const messages = await readPages(origin, session, channel).catch(() => undefined);
    const client_ids = messages?.flatMap(({ client_id }) => client_id ?? []);
    history.reads.push({ channel, client_ids, since_ms, until_ms: performance.now() });
    await Bun.sleep(PAUSE_MS);
  }
}
