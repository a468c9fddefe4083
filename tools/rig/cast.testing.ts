/** A small world under load: users, channels, writing devices, and one who comes and goes. */
import { directChannel } from "@damso/protocol/ids";
import type { ChannelId, UserId } from "@damso/protocol/ids";
import { forgotten } from "./checks.testing.ts";
import type { Truth } from "./checks.testing.ts";
import { call } from "./http.testing.ts";
import { createJournal } from "./journal.testing.ts";
import type { Journal, SendNote } from "./journal.testing.ts";
import { createGroup, logIn, renew, signUpPool } from "./people.testing.ts";
import type { Session } from "./people.testing.ts";
import type { Random } from "./random.testing.ts";
import { readChannels, readHistory } from "./truth.testing.ts";
import { until } from "./until.ts";
import { attach, createWriter, positionOf } from "./writer.testing.ts";
import type { Writer } from "./writer.testing.ts";

export type Cast = {
  journal: Journal;
  writers: Writer[];
  /** Each channel, and a user who sees all of it. */
  channels: Map<ChannelId, Session>;
  /** One session a user, of a device that does not write. */
  readers: Map<UserId, Session>;
  /** Adds and removes the one who comes and goes. */
  owner: Session;
  guest: Session;
  lobby: ChannelId;
  /** Groups whose members stay: they can be replaced by new ones. */
  groups: Map<ChannelId, readonly Session[]>;
  /** Nobody writes into these any more. */
  retired: Set<ChannelId>;
};

const MINUTE = 60_000;
/** Clocks of devices: exact, a little off, hours ahead, days behind. */
const SKEWS = [0, 1500, 3 * 60 * MINUTE, -30_000, -9 * 24 * 60 * MINUTE, 90_000];

/** Six users, eight devices, direct channels, groups and notes to self. */
export async function createCast(origin: string, random: Random, pace_ms = 12): Promise<Cast> {
  const users = await signUpPool(origin, 6, "cast");
  const [ann, ben, cho, dan, eun, fay] = users as [
    Session,
    Session,
    Session,
    Session,
    Session,
    Session,
  ];
  const direct = (a: Session, b: Session): ChannelId => directChannel(a.user_id, b.user_id);
  const lobby = await createGroup(origin, [ann, ben, fay], { name: "Lobby" });
  const everyone = await createGroup(origin, users, { name: "Everyone" });
  const few = await createGroup(origin, [cho, dan, eun], { name: "Few" });
  const channels = new Map<ChannelId, Session>([
    [lobby, ann],
    [everyone, ann],
    [few, cho],
    [direct(ann, ben), ann],
    [direct(cho, dan), cho],
    [direct(eun, fay), eun],
    [direct(ann, ann), ann],
  ]);
  const places = new Map<Session, ChannelId[]>([
    [ann, [lobby, everyone, direct(ann, ben), direct(ann, ann)]],
    [ben, [lobby, everyone, direct(ann, ben)]],
    [cho, [everyone, few, direct(cho, dan)]],
    [dan, [everyone, few, direct(cho, dan)]],
    [eun, [few, direct(eun, fay)]],
    [fay, [lobby, everyone, direct(eun, fay)]],
  ]);
  const journal = createJournal();
  const writers = users.map((session, at) => {
    const own = places.get(session) ?? [];
    const skew_ms = SKEWS[at] ?? 0;
    return createWriter({ session, number: 1, channels: own, journal, random, skew_ms, pace_ms });
  });
  for (const session of [ann, cho]) {
    const second = await logIn(origin, session);
    const own = places.get(session) ?? [];
    const options = { session: second, number: 2, channels: own, journal, random, pace_ms };
    writers.push(createWriter(options));
  }
  const readers = new Map<UserId, Session>();
  for (const user of users) readers.set(user.user_id, await logIn(origin, user));
  const readersOf = new Map(
    [...channels].map(([channel, { user_id }]) => [channel, readers.get(user_id) as Session]),
  );
  const owner = readers.get(ann.user_id) as Session;
  const stable = (members: readonly Session[]): Session[] =>
    members.map(({ user_id }) => readers.get(user_id) as Session);
  const groups = new Map([
    [everyone, stable(users)],
    [few, stable([cho, dan, eun])],
  ]);
  const retired = new Set<ChannelId>();
  const people = { owner, guest: fay, readers, writers };
  return { journal, channels: readersOf, lobby, groups, retired, ...people };
}

/** More groups, of two users each: so many more sends may be under way at a time. */
export async function addGroups(cast: Cast, origin: string, count: number): Promise<void> {
  const readers = [...cast.readers.values()];
  for (let at = 0; at < count; at++) {
    const other = at + 1 + (Math.floor(at / readers.length) % (readers.length - 1));
    const members = [at, other].map((one) => readers[one % readers.length] as Session);
    const group = await createGroup(origin, members);
    cast.groups.set(group, members);
    cast.channels.set(group, members[0] as Session);
    for (const writer of cast.writers) {
      const isMember = members.some(({ user_id }) => user_id === writer.session.user_id);
      if (isMember) writer.channels = [...writer.channels, group];
    }
  }
}

/** New groups in place of the old ones, whose histories stay as they are from here on. Counts when devices attach. */
export async function renewGroups(cast: Cast, origin: string): Promise<void> {
  for (const [old, members] of new Map(cast.groups)) {
    const group = await createGroup(origin, members);
    cast.groups.delete(old);
    cast.retired.add(old);
    cast.groups.set(group, members);
    cast.channels.set(group, members[0] as Session);
    for (const writer of cast.writers) {
      writer.channels = writer.channels.map((channel) => (channel === old ? group : channel));
    }
  }
}

/** All writers are attached until the server is gone; resolves then. */
export async function work(cast: Cast, origin: string): Promise<void> {
  await Promise.all(cast.writers.map((writer) => attach(writer, origin)));
}

/** Lets the guest of the lobby go and come back until the server is gone. */
export async function flicker(cast: Cast, origin: string, isOver: () => boolean): Promise<void> {
  const path = `/v1/channels/${cast.lobby}/members/${cast.guest.user_id}`;
  for (let turn = 0; !isOver(); turn++) {
    const token = cast.owner.access_token;
    const [method, options] =
      turn % 2 === 0 ? ["DELETE" as const, { token }] : ["PUT" as const, { token, body: {} }];
    const answer = await call(origin, method, path, options).catch(() => undefined);
    if (!answer) return;
    await Bun.sleep(40);
  }
}

/** New tokens for those who read, before theirs expire; a refresh that was cut off is repeated. */
export async function renewReaders(cast: Cast, origin: string): Promise<void> {
  for (const session of cast.readers.values()) Object.assign(session, await renew(origin, session));
}

/** Nothing new is written; every send gets its answer and every device its head. */
export async function settle(cast: Cast, ms = 30_000): Promise<void> {
  for (const writer of cast.writers) writer.writing = false;
  const open = (): Writer | undefined =>
    cast.writers.find(
      (one) => one.unanswered.size + one.changing > 0 || positionOf(one) < one.known,
    );
  await until(
    () => open() === undefined,
    `${open()?.name ?? "all"} to be answered and at its head`,
    ms,
  );
}

export async function readTruth(cast: Cast, origin: string): Promise<Truth> {
  const histories: Truth["histories"] = new Map();
  for (const [channel, session] of cast.channels) {
    if (cast.retired.has(channel)) continue;
    const past = forgotten(cast.journal, channel);
    histories.set(channel, await readHistory(origin, session, channel, past));
  }
  const lists: Truth["lists"] = new Map();
  for (const [user_id, session] of cast.readers) {
    lists.set(user_id, await readChannels(origin, session));
  }
  return { histories, lists };
}

/** Asks again for some sends that were answered long ago. Rule D3, invariant I4. */
export async function sendAgain(
  cast: Cast,
  origin: string,
  count: number,
  among: Iterable<SendNote> = cast.journal.sends.values(),
  ask: typeof call = call,
): Promise<string[]> {
  const answered = [...among].filter(({ place }) => place !== undefined);
  const step = Math.max(1, Math.floor(answered.length / count));
  const faults: string[] = [];
  for (const note of answered.filter((_, at) => at % step === 0)) {
    const token = cast.readers.get(note.user_id)?.access_token ?? "";
    const { channel, client_id } = note;
    const path = `/v1/channels/${channel}/messages`;
    const options = { token, body: { client_id, body: "another body" } };
    const { status, body } = await ask(origin, "POST", path, options);
    const { seq, message_id, created_at } = body as Record<string, unknown>;
    if (status !== 201 || !Bun.deepEquals({ seq, message_id, created_at }, note.place)) {
      faults.push(
        `[I4] ${client_id} again: ${status} ${JSON.stringify(body)}, first ${note.place?.seq}`,
      );
    }
  }
  return faults;
}
