/**
 * Brings one record into the log when the log may not answer. An append that was not answered may have landed or may
 * still land, so until that is known only the byte-identical record may be tried, and only in the same place: whichever
 * of the tries lands, it is there once. Rule S13.
 */
import type { Log } from "../ports/log.ts";
import { isTooLarge } from "./failure.ts";

/** `taken`: the place has another writer's record, or is purged, which only a later owner does. */
export type Settled = "appended" | "adopted" | "taken";

export type Settling = {
  log: Log;
  pause(ms: number): Promise<void>;
  retried(error: unknown): void;
  /** Throws when nobody waits any more; the outcome stays unknown. */
  check(): void;
};

const RETRY_MS = 20;
const RETRY_MS_MAX = 500;

/** Tries until it is known what stands at `last + 1`. Rejects with `too_large` for a record that no try can get in. */
export async function settle(with_: Settling, text: string, last: number): Promise<Settled> {
  for (let wait_ms = RETRY_MS; ; wait_ms = Math.min(2 * wait_ms, RETRY_MS_MAX)) {
    const outcome = await place(with_, text, last);
    if (outcome !== "open") return outcome;
    with_.check();
    await with_.pause(wait_ms);
    with_.check();
  }
}

async function place(with_: Settling, text: string, last: number): Promise<Settled | "open"> {
  try {
    const appended = await with_.log.append(text, last);
    if (appended.ok) return "appended";
  } catch (error) {
    if (isTooLarge(error)) throw error;
    with_.retried(error);
  }
  try {
    return await look(with_.log, text, last);
  } catch (error) {
    with_.retried(error);
    return "open";
  }
}

/** A refused append says only that this try did not land: an earlier one may be what stands there. */
async function look(log: Log, text: string, last: number): Promise<Settled | "open"> {
  const [record] = await log.read(last + 1, 1);
  if (record) return record.seq === last + 1 && record.text === text ? "adopted" : "taken";
  const { first } = await log.ends();
  return first > last + 1 ? "taken" : "open";
}
