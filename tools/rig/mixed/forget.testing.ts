/** What was checked is forgotten but for a hash, and compared with it at the very end. */
import type { ChannelId } from "@damso/protocol/ids";
import type { Message } from "@damso/protocol/schema/message";
import type { Cast } from "../cast.testing.ts";
import { membersBySeq, senderOf } from "../checks.testing.ts";
import type { Truth } from "../checks.testing.ts";
import type { Journal, Past, SendNote } from "../journal.testing.ts";
import type { Random } from "../random.testing.ts";
import { pagesOf } from "../truth.testing.ts";

/** More than come again with a `hello`. */
const ENTRIES_KEPT = 64;
const SAMPLES_MAX = 400;
/** Short enough to be whole in a preview. */
const HASHED_UNITS = 1000;

/** Everything that `truth` holds was found right. */
export function forget(journal: Journal, truth: Truth): void {
  for (const [channel, history] of truth.histories) {
    journal.pasts.set(channel, passed(journal.pasts.get(channel), history));
  }
  for (const feed of journal.feeds.values()) {
    const gone = Math.max(0, feed.entries.length - ENTRIES_KEPT);
    feed.entries.splice(0, gone);
    feed.gone += gone;
  }
  journal.sends.clear();
  journal.order.clear();
  journal.sights.clear();
  journal.changes = [];
}

function passed(past: Past | undefined, history: readonly Message[]): Past {
  const senders = past?.senders ?? [];
  for (const message of history) senders.push(senderOf(message));
  return {
    seq: (past?.seq ?? 0) + history.length,
    members: membersBySeq(history, past?.members).at(-1) ?? past?.members ?? new Set(),
    senders,
    hash: hashOf(history, past?.hash ?? 0n),
  };
}

/** Reactions may come later; the rest of a message that was checked stays. */
function hashOf(messages: readonly Message[], before: bigint): bigint {
  return messages.reduce((hash, message) => {
    const { seq, message_id, sender_id, client_id, created_at, body_rev, body } = message;
    const start = body?.slice(0, HASHED_UNITS);
    const line = [seq, message_id, sender_id, client_id, created_at, body_rev, start].join(" ");
    return Bun.hash(line, hash);
  }, before);
}

/** Reads all of every history again. Invariant I1. */
export async function checkPasts(cast: Cast, origin: string): Promise<string[]> {
  const faults: string[] = [];
  for (const [channel, { seq, hash }] of cast.journal.pasts) {
    const found = await reread(cast, origin, channel);
    if (found.seq !== seq) faults.push(`[I1] ${channel} had ${seq} messages and has ${found.seq}`);
    else if (found.hash !== hash) faults.push(`[I1] ${channel} is not what it was`);
  }
  return faults;
}

async function reread(
  cast: Cast,
  origin: string,
  channel: ChannelId,
): Promise<Pick<Past, "seq" | "hash">> {
  const session = cast.channels.get(channel);
  if (!session) throw new Error(`nobody reads ${channel}`);
  let [seq, hash] = [0, 0n];
  for await (const page of pagesOf(origin, session, channel)) {
    seq += page.length;
    hash = hashOf(page, hash);
  }
  return { seq, hash };
}

/** Replaces some of the samples by answered sends of now, so that all ages are among them. */
export function sample(samples: SendNote[], journal: Journal, random: Random): void {
  const answered = [...journal.sends.values()].filter(({ place }) => place !== undefined);
  if (answered.length === 0) return;
  for (let one = 0; one < SAMPLES_MAX / 10; one++) {
    const note = random.pick(answered);
    if (samples.length < SAMPLES_MAX) samples.push(note);
    else samples[random.int(0, SAMPLES_MAX - 1)] = note;
  }
}
