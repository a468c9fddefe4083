/** Rows of `messages`, `bodies` and `sends` as they are committed: I4, I7, I9, I11, I16, I19. */
import { LIMITS } from "@damso/protocol/limits";
import { codePoints, isCleanText, withinBytes } from "@damso/protocol/text";
import { snowflakeTime } from "@damso/core/ids/snowflake";
import { uuidTime } from "@damso/protocol/ids";
import type { Seq } from "@damso/protocol/ids";
import type { Message } from "@damso/protocol/schema/message";
import type { PutOf } from "@damso/core/tables";
import { channelIn, count, sendKey } from "./book.ts";
import type { Book, ChannelBook, Kept } from "./book.ts";
import { brief, differing } from "./same.ts";
import { noteSystem, stayAt } from "./stays.ts";

/** What one commit brought; looked at once more at its end, when all of its rows are known. */
export type Brought = { fresh: Kept[]; changed: Set<Kept>; sends: PutOf<"sends">[] };

export function putMessage(book: Book, put: PutOf<"messages">, brought: Brought): void {
  const [id, seq] = put.key;
  const channel = channelIn(book, id);
  const { row } = put;
  if (row === null) return book.faults.add("I1", `${id}#${seq} was deleted from the history`);
  if (row.channel !== id || row.seq !== seq)
    book.faults.add("I7", `${id}#${seq} holds the row of ${row.channel}#${row.seq}`);
  const kept = channel.kept[seq - 1];
  if (!kept) return insert(book, channel, row, brought);
  if (kept.message.message_id !== row.message_id)
    book.faults.add("I7", `${id}#${seq} is ${kept.message.message_id} and then ${row.message_id}`);
  change(book, channel, kept, row);
  brought.changed.add(kept);
}

function insert(book: Book, channel: ChannelBook, message: Message, brought: Brought): void {
  const { seq, message_id, rev } = message;
  const place = `${channel.id}#${seq}`;
  if (seq !== channel.head + 1) book.faults.add("I7", `${place} comes after #${channel.head}`);
  const kept: Kept = {
    message,
    states: [],
    bodies: [],
    apart: false,
    since: book.step,
    since_ms: book.options.now(),
    changed_ms: 0,
    told_rev: 0,
    told_at: 0,
  };
  checkNew(book, channel, message, place);
  if (book.ids.has(message_id))
    book.faults.add("I7", `${place} has the id of another: ${message_id}`);
  if (rev !== 1 && !book.options.coalesced)
    book.faults.add("I16", `${place} begins with rev ${rev}`);
  book.ids.set(message_id, kept);
  noteState(book, kept, message);
  channel.kept[seq - 1] = kept;
  channel.head = Math.max(channel.head, seq);
  noteSend(book, channel, kept);
  if (message.kind === "system") noteSystem(book, channel, message);
  brought.fresh.push(kept);
  count(book, "messages");
}

function checkNew(book: Book, channel: ChannelBook, message: Message, place: string): void {
  const { seq, message_id, sender_id, kind } = message;
  const before = channel.kept[seq - 2]?.message;
  if (before && before.message_id >= message_id)
    book.faults.add("I7", `${place} has id ${message_id}, the one before it ${before.message_id}`);
  if (new Date(snowflakeTime(message_id)).toISOString() !== message.created_at)
    book.faults.add("I7", `${place} was made ${message.created_at}, which its id does not say`);
  const begins = message.system?.event === "created";
  if (!begins && !stayAt(channel, sender_id, seq))
    book.faults.add("I9", `${place} is of ${sender_id}, who is no member there`);
  if (kind === "text" && channel.blocked)
    book.faults.add("I19", `${place} is of ${sender_id}, in a blocked channel`);
  if (message.reply_to !== undefined && message.reply_to >= seq)
    book.faults.add("I8", `${place} answers #${message.reply_to}, which comes later`);
}

function noteSend(book: Book, channel: ChannelBook, kept: Kept): void {
  const { client_id, sender_id, seq, kind } = kept.message;
  if (client_id === undefined) {
    if (kind === "text") book.faults.add("I4", `${channel.id}#${seq} has no client_id`);
    return;
  }
  const key = sendKey(sender_id, client_id);
  const first = channel.sent.get(key);
  if (first)
    book.faults.add(
      "I4",
      `${client_id} of ${sender_id} stands at ${channel.id}#${first.message.seq} and #${seq}`,
    );
  else channel.sent.set(key, kept);
  const all = book.by_client.get(client_id);
  if (all) all.push(kept);
  else book.by_client.set(client_id, [kept]);
}

function noteState({ options }: Book, kept: Kept, message: Message): void {
  kept.changed_ms = options.now();
  kept.message = message;
  kept.states[message.rev] = message;
  if (!message.truncated && message.body !== undefined)
    kept.bodies[message.body_rev] = message.body;
}

const FIXED = [
  "message_id",
  "channel",
  "seq",
  "kind",
  "sender_id",
  "client_id",
  "created_at",
] as const;
const BODY = ["body", "truncated", "length"] as const;

function change(book: Book, channel: ChannelBook, kept: Kept, after: Message): void {
  const before = kept.message;
  const place = `${channel.id}#${after.seq} rev ${after.rev}`;
  const fault = (what: string): void => book.faults.add("I16", `${place}: ${what}`);
  const steps = after.rev - before.rev;
  if (steps < 1 || (steps > 1 && !book.options.coalesced)) fault(`comes after rev ${before.rev}`);
  const fixed = differing(before, after, FIXED);
  if (fixed !== undefined)
    fault(`${fixed} was ${brief(before[fixed])} and is ${brief(after[fixed])}`);
  if (before.kind === "system") fault("a system message does not change");
  if (before.deleted_at !== undefined) fault("it was deleted before");
  const raised = after.body_rev - before.body_rev;
  if (raised < 0 || raised > steps) fault(`body_rev ${before.body_rev} became ${after.body_rev}`);
  if (raised === 0 && differing(before, after, BODY)) fault("another body with the same body_rev");
  if (raised > 0 && after.edited_at === undefined && after.deleted_at === undefined)
    fault("body_rev rose and nobody edited");
  if (channel.blocked && after.deleted_at === undefined)
    book.faults.add("I19", `${place} changes a message of a blocked channel`);
  noteState(book, kept, after);
  count(book, "changes");
}

export function putBody(book: Book, put: PutOf<"bodies">): void {
  const [id, seq] = put.key;
  const kept = channelIn(book, id).kept[seq - 1];
  if (!kept) return book.faults.add("I3", `${id}#${seq} has a body and no message`);
  kept.apart = put.row !== null;
  if (!put.row) return;
  const { body_rev, truncated } = kept.message;
  const known = kept.bodies[body_rev];
  if (!truncated) book.faults.add("I16", `${id}#${seq} has its body in two rows`);
  else if (known !== undefined && known !== put.row.body)
    book.faults.add("I16", `${id}#${seq} has two bodies of body_rev ${body_rev}`);
  kept.bodies[body_rev] = put.row.body;
}

export function putSend(book: Book, put: PutOf<"sends">, brought: Brought): void {
  const [id, month, sender, client_id] = put.key;
  const channel = channelIn(book, id);
  const key = sendKey(sender, client_id);
  const place = `${id}: ${client_id} of ${sender}`;
  const before = channel.sends.get(key);
  if (!put.row) return book.faults.add("I4", `${place} was forgotten`);
  if (before !== undefined && before !== put.row.seq)
    book.faults.add("I4", `${place} was #${before} and is #${put.row.seq}`);
  const at = new Date(uuidTime(client_id));
  if (month !== (at.getUTCFullYear() - 1970) * 12 + at.getUTCMonth())
    book.faults.add("I4", `${place} is kept in month ${month}, where no retry looks`);
  channel.sends.set(key, put.row.seq);
  brought.sends.push(put);
}

/** What holds of messages between commits. */
export function checkBrought(book: Book, brought: Brought): void {
  for (const kept of brought.fresh) {
    checkSendRow(book, kept);
    checkText(book, kept);
  }
  for (const kept of brought.changed) checkText(book, kept);
  for (const { key, row } of brought.sends) {
    const found = channelIn(book, key[0]).sent.get(sendKey(key[2], key[3]));
    if (row && found?.message.seq !== row.seq)
      book.faults.add("I4", `${key[0]}: ${key[3]} is noted as #${row.seq}, which is not it`);
  }
}

function checkSendRow(book: Book, { message }: Kept): void {
  const { channel, seq, sender_id, client_id } = message;
  if (client_id === undefined) return;
  const noted: Seq | undefined = channelIn(book, channel).sends.get(sendKey(sender_id, client_id));
  if (noted !== seq)
    book.faults.add(
      "I4",
      `${channel}#${seq} has no row in sends that says so (${noted ?? "none"})`,
    );
}

const CONTENT = ["body", "mentions", "attachments", "reactions", "pinned", "truncated"] as const;

/** A long text lies apart with its preview in the row, a short one in the row, a deleted one nowhere. */
export function checkText(book: Book, kept: Kept): void {
  const { message } = kept;
  const place = `${message.channel}#${message.seq}`;
  if (message.deleted_at !== undefined) {
    const left = CONTENT.find((field) => message[field] !== undefined);
    if (left) book.faults.add("I16", `${place} is deleted and has ${left}`);
  }
  if (kept.apart !== (message.truncated === true))
    book.faults.add("I16", `${place} ${kept.apart ? "leaves" : "lacks"} a row in bodies`);
  const { body, truncated } = message;
  if (body !== undefined && !isCleanText(body)) book.faults.add("I11", `${place} has broken text`);
  if (!truncated) return;
  const whole = kept.bodies[message.body_rev] ?? "";
  const fits = body !== undefined && withinBytes(body, LIMITS.preview_bytes_max);
  if (!fits || !whole.startsWith(body) || message.length !== codePoints(whole))
    book.faults.add("I11", `${place}: the preview is not of its text`);
}
