/** Whole histories read while they grow, with the times of asking and of the answer: for a checker of histories. */
import type { ChannelId } from "@damso/protocol/ids";
import type { Session } from "../people.testing.ts";
import { readPages } from "../truth.testing.ts";
import type { World } from "./world.testing.ts";

export type Read = {
  channel: ChannelId;
  /** Undefined when no answer came. */
  client_ids: string[] | undefined;
  since_ms: number;
  until_ms: number;
};

const PAUSE_MS = 100;

/** Reads one channel after the other, each from its beginning, until the server is gone. */
export async function readOn(world: World, origin: string, isOver: () => boolean): Promise<void> {
  const { cast, random } = world;
  while (!isOver()) {
    const [channel, session] = random.pick([...cast.channels]);
    await readOne(world, origin, channel, session);
    await Bun.sleep(PAUSE_MS);
  }
}

/** At the end, everything. */
export async function readAll(world: World, origin: string): Promise<void> {
  for (const [channel, session] of world.cast.channels) {
    await readOne(world, origin, channel, session);
  }
}

async function readOne(
  { history }: World,
  origin: string,
  channel: ChannelId,
  session: Session,
): Promise<void> {
  const since_ms = performance.now();
  const messages = await readPages(origin, session, channel).catch(() => undefined);
  const client_ids = messages
    ?.filter(({ kind }) => kind === "text")
    .map(({ client_id }) => client_id ?? "");
  history?.reads.push({ channel, client_ids, since_ms, until_ms: performance.now() });
}
