/**
 * Reads records of a log without a gap. Which ones there are the leader says; the records themselves come from any replica,
 * thousands of times faster than one by one. A replica that lags has the first part of the log and nothing behind it,
 * so the record that it lacks is asked of the leader.
 */
import type { LogRecord } from "@damso/core/ports/log";
import { soonestOf } from "./answers.ts";
import { directGet, seqOf } from "./direct.ts";
import { natsFailure } from "./failure.ts";
import type { Ends, Stream } from "./log.ts";
import { decodeText } from "./payload.ts";
import { unanswered } from "./silence.ts";

const PART_BYTES_MAX = 4 * 1024 * 1024;
const TRIES = 3;
const AGAIN_MS = 100;

/** Rejects with `unanswered`, `behind`, or `hole` when the leader lacks a record that nobody has purged. */
export async function readRecords(
  stream: Stream,
  from: number,
  limit: number,
  readEnds: () => Promise<Ends>,
): Promise<LogRecord[]> {
  for (let tries = 1; ; tries++) {
    const { first, last } = await readEnds();
    const begin = Math.max(from, first);
    const end = Math.min(last, begin + limit - 1);
    const records = await readSpan(stream, begin, end);
    const missing = begin + records.length;
    if (missing > end) return records;
    // A purge may have come between; then the log begins later now.
    if (tries >= TRIES)
      throw natsFailure(
        "hole",
        `${stream.name} has records ${first} to ${last} but not ${missing}`,
      );
    await Bun.sleep(AGAIN_MS);
  }
}

/** Ends before a record that is missing. */
async function readSpan(stream: Stream, begin: number, end: number): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  for (let next = begin; next <= end; next = begin + records.length) {
    const part = await readPart(stream, next, end);
    const found = part.length > 0 ? part : await readOfLeader(stream, next);
    if (found.length === 0) break;
    records.push(...found);
  }
  return records;
}

/** What one replica has of it from `next` on, without a gap; nothing when it has not got that far. */
async function readPart(
  { connection, name }: Stream,
  next: number,
  end: number,
): Promise<LogRecord[]> {
  const query = { seq: next, batch: end - next + 1, max_bytes: PART_BYTES_MAX };
  const { messages } = await directGet(connection, name, query);
  const records = messages.map((message) => ({
    seq: seqOf(message),
    text: decodeText(message.data),
  }));
  const gap = records.findIndex(({ seq }, i) => seq !== next + i);
  return gap < 0 ? records : records.slice(0, gap);
}

async function readOfLeader({ connection, jsm, name }: Stream, seq: number): Promise<LogRecord[]> {
  const found = soonestOf(connection, () => jsm.streams.getMessage(name, { seq }));
  const message = await found.catch((error: unknown) => {
    throw unanswered(connection, `record ${seq} of ${name}`, error);
  });
  return message ? [{ seq, text: decodeText(message.data) }] : [];
}
