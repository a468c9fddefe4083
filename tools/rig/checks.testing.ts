/**
 * Holds what clients did and saw against what the server says afterwards. Pure: each check answers with the promises
 * that were broken, as sentences that begin with the invariant.
 */
import type { ChannelId, UserId } from "@damso/protocol/ids";
import type { Channel } from "@damso/protocol/schema/channel";
import type { Message } from "@damso/protocol/schema/message";
import type { Journal, SendNote } from "./journal.testing.ts";
import { sendKey } from "./journal.testing.ts";

export type Truth = {
  /** Of each channel, what comes after the part that the journal has forgotten. */
  histories: Map<ChannelId, Message[]>;
  /** Each user's channel list. */
  lists: Map<UserId, Channel[]>;
};

/** Every check; none of the answers means that everything held. */
export function faultsOf(journal: Journal, truth: Truth): string[] {
  return [
    ...journal.faults,
    ...[...truth.histories].flatMap(([channel, history]) =>
      checkHistory(channel, history, forgotten(journal, channel)),
    ),
    ...checkSends(journal, truth),
    ...checkOrder(journal),
    ...checkStrangers(journal, truth),
    ...checkSights(journal, truth),
    ...checkChanges(journal, truth),
    ...checkFeeds(journal, truth),
    ...checkUnread(journal, truth),
  ];
}

/** The seq up to which a history was checked and forgotten. */
export function forgotten(journal: Journal, channel: ChannelId): number {
  return journal.pasts.get(channel)?.seq ?? 0;
}

/** Dense seqs after `past`, rising ids, times that do not go back. Invariant I7, rule S6. */
export function checkHistory(
  channel: ChannelId,
  history: readonly Message[],
  past: number,
): string[] {
  const faults: string[] = [];
  for (const [at, message] of history.entries()) {
    const before = history[at - 1];
    const seq = past + at + 1;
    if (message.seq !== seq) faults.push(`[I7] ${channel} has ${message.seq} at ${seq}`);
    if (!before) continue;
    if (message.message_id <= before.message_id) {
      faults.push(`[S6] ${channel}/${message.seq}: the id does not rise`);
    }
    if (message.created_at < before.created_at) {
      faults.push(`[S6] ${channel}/${message.seq}: the time goes back`);
    }
  }
  return faults;
}

/** Acknowledged: exactly once, at the place that was named. Refused: not at all. Invariants I1, I4, I22. */
export function checkSends(journal: Journal, truth: Truth): string[] {
  const found = bySender(truth);
  return [...journal.sends.values()].flatMap((note) => {
    const { place, refused, client_id, channel, user_id } = note;
    const messages = found.get(sendKey(user_id, channel, client_id)) ?? [];
    if (messages.length > 1) return [`[I4] ${client_id} is ${messages.length} times in ${channel}`];
    const [message] = messages;
    if (refused !== undefined && message) {
      return [`[I22] ${client_id} was refused (${refused}) and is ${channel}/${message.seq}`];
    }
    if (!place) return message ? checkBody(journal, note, message) : [];
    if (!message) return [`[I1] ${channel}/${place.seq} was acknowledged and is gone`];
    const { seq, message_id, created_at } = message;
    if (!Bun.deepEquals(place, { seq, message_id, created_at })) {
      return [`[I4] ${client_id} was ${JSON.stringify(place)} and is ${seq} ${message_id}`];
    }
    return checkBody(journal, note, message);
  });
}

function bySender(truth: Truth): Map<string, Message[]> {
  const messages = [...truth.histories.values()].flat();
  return Map.groupBy(messages, ({ sender_id, channel, client_id }) =>
    sendKey(sender_id, channel, client_id ?? ""),
  );
}

/** The body is the one that was sent, unless it was changed since. Invariant I11. */
function checkBody(journal: Journal, note: SendNote, message: Message): string[] {
  if (message.body_rev > 1 || message.deleted_at !== undefined) return [];
  if (message.body === note.body) return [];
  return [`[I11] ${note.channel}/${message.seq} is not the body that ${note.device} sent`];
}

/** Who waits for each answer finds his messages in the order he sent them. Invariant I5. */
export function checkOrder(journal: Journal): string[] {
  const faults: string[] = [];
  for (const [lane, notes] of journal.order) {
    let last = 0;
    for (const { place, client_id } of notes) {
      if (!place) continue;
      if (place.seq <= last)
        faults.push(`[I5] ${lane}: ${client_id} at ${place.seq}, after ${last}`);
      last = place.seq;
    }
  }
  return faults;
}

/** Nothing is in a history that nobody sent. Invariant I3. */
export function checkStrangers(journal: Journal, truth: Truth): string[] {
  return [...truth.histories.values()].flat().flatMap((message) => {
    const { kind, sender_id, channel, client_id, seq } = message;
    if (kind === "system") return [];
    if (journal.sends.has(sendKey(sender_id, channel, client_id ?? ""))) return [];
    return [`[I3] ${channel}/${seq} was sent by nobody`];
  });
}

/** What was shown to anyone is still there, in that state or a later one. Invariants I3, I16. */
export function checkSights(journal: Journal, truth: Truth): string[] {
  const faults: string[] = [];
  for (const [channel, sights] of journal.sights) {
    const history = truth.histories.get(channel) ?? [];
    const past = forgotten(journal, channel);
    for (const [seq, sight] of sights) {
      if (seq <= past) continue;
      const message = history[seq - past - 1];
      const at = `${channel}/${seq}`;
      if (!message) faults.push(`[I3] ${at} was shown and is not in the history`);
      else if (message.message_id !== sight.message_id) {
        faults.push(`[I3] ${at} was shown as ${sight.message_id} and is ${message.message_id}`);
      } else if (message.rev < sight.rev) {
        faults.push(`[I16] ${at} was shown at rev ${sight.rev} and is at ${message.rev}`);
      } else if (sight.bodies.has(message.rev) && sight.bodies.get(message.rev) !== message.body) {
        faults.push(`[I16] ${at} was shown with another body at rev ${message.rev}`);
      }
    }
  }
  return faults;
}

/** An acknowledged change is there, or a later one. Invariants I1, I16. */
export function checkChanges(journal: Journal, truth: Truth): string[] {
  return journal.changes.flatMap(({ channel, seq, rev, body }) => {
    const message = truth.histories.get(channel)?.[seq - forgotten(journal, channel) - 1];
    const at = `${channel}/${seq}`;
    if (!message || message.rev < rev) return [`[I16] ${at} lost its change to rev ${rev}`];
    if (message.rev === rev && message.body !== body) {
      return [`[I16] ${at} has another body than its change to rev ${rev}`];
    }
    return [];
  });
}

/** Who is a member at each seq of a group, as its system messages say: at first those before. Rule D5. */
export function membersBySeq(
  history: readonly Message[],
  before: ReadonlySet<string> = new Set(),
): ReadonlySet<string>[] {
  let members = before;
  return history.map(({ system, sender_id }) => {
    if (!system) return members;
    const users = system.users ?? [];
    if (system.event === "created") members = new Set([system.by, sender_id, ...users]);
    if (system.event === "joined") members = new Set([...members, ...users]);
    if (system.event === "left" || system.event === "removed") {
      const gone: readonly string[] = users.length > 0 ? users : [system.by];
      members = new Set([...members].filter((user) => !gone.includes(user)));
    }
    return members;
  });
}

/** A user's devices were told of the messages of his time in each channel: no more, no fewer. Invariant I10. */
export function checkFeeds(journal: Journal, truth: Truth): string[] {
  const owners = new Map([...journal.feeds.keys()].map((device) => [device, userOf(device)]));
  const faults: string[] = [];
  for (const [channel, history] of truth.histories) {
    const past = forgotten(journal, channel);
    const members = channel.startsWith("g")
      ? membersBySeq(history, journal.pasts.get(channel)?.members)
      : undefined;
    for (const [device, feed] of journal.feeds) {
      const user = owners.get(device) ?? "";
      const isMember = (seq: number): boolean =>
        members ? members[seq - past - 1]?.has(user) === true : channel.includes(user);
      const wanted = history.filter(({ seq }) => isMember(seq)).map(({ seq }) => seq);
      const told = feed.entries
        .filter(({ type, channel: of, seq = 0 }) => {
          return type === "message" && of === channel && seq > past;
        })
        .map(({ seq }) => seq);
      if (!Bun.deepEquals(wanted, told)) {
        faults.push(`[I10] ${device} in ${channel}: ${difference(wanted, told as number[])}`);
      }
    }
  }
  return faults;
}

/** Devices are named `<user>/<number>`. */
export function userOf(device: string): string {
  return device.split("/")[0] ?? "";
}

function difference(wanted: readonly number[], told: readonly number[]): string {
  const missing = wanted.filter((seq) => !told.includes(seq));
  const extra = told.filter((seq) => !wanted.includes(seq));
  if (missing.length + extra.length === 0) return "told out of order or twice";
  return `missing ${missing.slice(0, 10).join(",")} and not his ${extra.slice(0, 10).join(",")}`;
}

/** Unread is what the history says it is, and no acknowledged marker moved back. Rule D12, invariant I15. */
export function checkUnread(journal: Journal, truth: Truth): string[] {
  const faults: string[] = [];
  for (const [user, channels] of truth.lists) {
    for (const { id, read, unread, visible_from } of channels) {
      const marker = journal.reads.get(`${user} ${id}`) ?? 0;
      if (read < marker) faults.push(`[I15] ${user} read ${id} to ${marker}, and is at ${read}`);
      const senders = [...(truth.histories.get(id) ?? [])].map(senderOf);
      const from = Math.max(read, visible_from - 1);
      const past = journal.pasts.get(id)?.senders ?? [];
      const counted =
        countUnread(past.slice(from), user) +
        countUnread(senders.slice(Math.max(0, from - past.length)), user);
      if (unread !== counted) {
        faults.push(`[I15] ${user} has ${unread} unread in ${id}, and ${counted} by counting`);
      }
    }
  }
  return faults;
}

/** Whose message it is, if it is one that others have to read; else an empty text. */
export function senderOf({ kind, sender_id, deleted_at }: Message): string {
  return kind === "text" && deleted_at === undefined ? sender_id : "";
}

function countUnread(senders: readonly string[], user: string): number {
  return senders.filter((sender) => sender !== "" && sender !== user).length;
}
