/** People who do everything that one can do in a chat, at random: each waits for one answer before the next thing. */
import { directChannel } from "@damso/protocol/ids";
import type { ChannelId, UserId } from "@damso/protocol/ids";
import { isErrorCode } from "@damso/protocol/codes";
import type { ErrorCode } from "@damso/protocol/codes";
import { call, codeOf } from "./http.testing.ts";
import { createGroup } from "./people.testing.ts";
import type { Session } from "./people.testing.ts";
import { newClientId } from "./random.testing.ts";
import type { Random } from "./random.testing.ts";
import { connect } from "./socket.testing.ts";
import type { RigSocket } from "./socket.testing.ts";

export type Bustle = {
  origin: string;
  random: Random;
  /** Whose devices are compared in the end. */
  hero: Session;
  people: Session[];
  groups: ChannelId[];
  /** The one of them that shows its newcomers what was before. */
  open: ChannelId;
  /** Up to where each user has cleared each channel: histories come back only by asking for them. */
  cleared: Map<string, number>;
  /** Messages that were accepted. */
  messages: number;
  /** How often each kind of action was done. */
  done: Map<string, number>;
  over: boolean;
};

type Actor = {
  bustle: Bustle;
  session: Session;
  socket: RigSocket;
  /** Own messages, to be changed later. */
  own: { channel: ChannelId; seq: number }[];
  /** Highest seq of each channel that the actor knows of. */
  heads: Map<ChannelId, number>;
};

/** They may happen when people come, go and block each other at random. */
const EXPECTED: readonly ErrorCode[] = [
  "not_member",
  "not_found",
  "forbidden",
  "blocked",
  "conflict",
  "invalid",
];

export async function createBustle(
  origin: string,
  random: Random,
  hero: Session,
  people: Session[],
): Promise<Bustle> {
  const [first, second] = people as [Session, Session];
  const recent = await createGroup(origin, [first, hero, ...people.slice(1)], { name: "Recent" });
  const open = await createGroup(origin, [second, first, hero], { name: "Open" });
  const body = { settings: { history: "all" } };
  await call(origin, "PATCH", `/v1/channels/${open}`, { token: second.access_token, body });
  const groups = [recent, open];
  const counts = { cleared: new Map(), messages: 0, done: new Map(), over: false };
  return { origin, random, hero, people, groups, open, ...counts };
}

/** Everyone acts until it is enough. */
export async function bustleUntil(bustle: Bustle, enough: () => boolean): Promise<void> {
  bustle.over = false;
  const sessions = [...bustle.people, bustle.hero];
  const actors = sessions.map(async (session) => {
    const { socket } = await connect(bustle.origin, session.access_token);
    const actor: Actor = { bustle, session, socket, own: [], heads: new Map() };
    socket.listen((frame) => noteHead(actor, frame));
    while (!bustle.over) {
      if (enough()) bustle.over = true;
      else await once(actor);
    }
    await socket.close();
  });
  await Promise.all(actors);
}

function noteHead(actor: Actor, frame: object): void {
  const { message } = frame as { message?: { channel: ChannelId; seq: number } };
  if (message) actor.heads.set(message.channel, message.seq);
}

type Action = [weight: number, name: string, act: (actor: Actor) => Promise<ErrorCode | undefined>];

const ACTIONS: Action[] = [
  [60, "send", send],
  [8, "edit", edit],
  [4, "delete", remove],
  [6, "react", react],
  [2, "pin", pin],
  [4, "read", read],
  [2, "hide", hide],
  [3, "set", set],
  [0.3, "clear", clear],
  [1, "rename", rename],
  [1.5, "member", changeMember],
  [1, "leave", leave],
  [0.5, "block", block],
  [0.5, "profile", profile],
];
export const ACTION_NAMES: readonly string[] = ACTIONS.map(([, name]) => name);
const TOTAL = ACTIONS.reduce((sum, [weight]) => sum + weight, 0);

async function once(actor: Actor): Promise<void> {
  const { random, done } = actor.bustle;
  let at = random.next() * TOTAL;
  const [, name, act] = ACTIONS.find(([weight]) => (at -= weight) <= 0) ?? ACTIONS[0]!;
  const code = await act(actor);
  if (code === undefined) done.set(name, (done.get(name) ?? 0) + 1);
  else if (!EXPECTED.includes(code)) throw new Error(`${name}: ${code}`);
}

/** A direct channel with the hero, or a group. */
function place({ bustle, session }: Actor): ChannelId {
  const { random, hero, people, groups } = bustle;
  if (random.chance(0.6)) return random.pick(groups);
  const other = session === hero ? random.pick([...people, hero]) : hero;
  return directChannel(session.user_id, other.user_id);
}

async function ask(
  { socket }: Actor,
  frame: { type: string; [field: string]: unknown },
): Promise<{ code?: ErrorCode; seq?: number }> {
  const reply = await socket.request(frame);
  if (reply.type !== "error") return reply as object;
  const code = String(reply["code"]);
  if (!isErrorCode(code)) throw new Error(`${frame.type}: ${JSON.stringify(reply)}`);
  return { code };
}

async function http(
  { bustle, session }: Actor,
  method: string,
  path: string,
  body?: unknown,
): Promise<ErrorCode | undefined> {
  const token = session.access_token;
  const options = body === undefined ? { token } : { token, body };
  return codeOf(await call(bustle.origin, method, path, options)) as ErrorCode | undefined;
}

async function send(actor: Actor): Promise<ErrorCode | undefined> {
  const { bustle, own } = actor;
  const { random, hero } = bustle;
  const channel = place(actor);
  const head = actor.heads.get(channel) ?? 0;
  const body = random.chance(0.02) ? "긴 글 🙂 ".repeat(900) : `안녕 ${bustle.messages}`;
  const frame = {
    type: "send",
    channel,
    client_id: newClientId(),
    body,
    ...(head > 0 && random.chance(0.1) ? { reply_to: random.int(1, head) } : {}),
    ...(random.chance(0.05) ? { mentions: [hero.user_id] } : {}),
    ...(channel.startsWith("g") && random.chance(0.02) ? { mentions: ["all"] } : {}),
  };
  const { code, seq } = await ask(actor, frame);
  if (seq === undefined) return code;
  bustle.messages++;
  own.push({ channel, seq });
  return undefined;
}

async function edit(actor: Actor): Promise<ErrorCode | undefined> {
  const { own, bustle } = actor;
  if (own.length === 0) return undefined;
  const mentions = bustle.random.chance(0.2) ? { mentions: [bustle.hero.user_id] } : {};
  const body = `edited ${bustle.random.int(1, 1000)}`;
  const frame = { type: "edit", ...bustle.random.pick(own), body, ...mentions };
  return (await ask(actor, frame)).code;
}

async function remove(actor: Actor): Promise<ErrorCode | undefined> {
  const { own, bustle } = actor;
  if (own.length === 0) return undefined;
  return (await ask(actor, { type: "delete", ...bustle.random.pick(own), for: "all" })).code;
}

function anyMessage(actor: Actor): { channel: ChannelId; seq: number } {
  const channel = place(actor);
  return { channel, seq: actor.bustle.random.int(1, actor.heads.get(channel) ?? 1) };
}

async function react(actor: Actor): Promise<ErrorCode | undefined> {
  const { random } = actor.bustle;
  const emoji = random.pick(["👍", "🌱", "ㅋㅋ"]);
  return (await ask(actor, { type: "react", ...anyMessage(actor), emoji, on: random.chance(0.7) }))
    .code;
}

async function pin(actor: Actor): Promise<ErrorCode | undefined> {
  const on = actor.bustle.random.chance(0.7);
  return (await ask(actor, { type: "pin", ...anyMessage(actor), on })).code;
}

async function read(actor: Actor): Promise<ErrorCode | undefined> {
  return (await ask(actor, { type: "read", ...anyMessage(actor) })).code;
}

async function hide(actor: Actor): Promise<ErrorCode | undefined> {
  return (await ask(actor, { type: "delete", ...anyMessage(actor), for: "me" })).code;
}

async function set(actor: Actor): Promise<ErrorCode | undefined> {
  const { random } = actor.bustle;
  const fields = random.pick<object>([
    { muted_until: random.pick([null, "2030-01-01T00:00:00.000Z"]) },
    { pinned: random.pick([true, false, null]) },
    { draft: random.pick([null, "", "a draft"]) },
    { unread_mark: random.pick([true, false, null]) },
    { pinned: true, draft: "two at once" },
  ]);
  return (await ask(actor, { type: "set", channel: place(actor), ...fields })).code;
}

async function clear(actor: Actor): Promise<ErrorCode | undefined> {
  const { channel, seq } = anyMessage(actor);
  const { cleared } = actor.bustle;
  const key = `${actor.session.user_id} ${channel}`;
  const cleared_to = Math.max(seq, cleared.get(key) ?? 0);
  cleared.set(key, cleared_to);
  return (await ask(actor, { type: "set", channel, cleared_to })).code;
}

function rename(actor: Actor): Promise<ErrorCode | undefined> {
  const { random, groups } = actor.bustle;
  const body = random.chance(0.7)
    ? { name: `Name ${random.int(1, 1000)}` }
    : { settings: { invite: random.pick(["members", "admins"]) } };
  return http(actor, "PATCH", `/v1/channels/${random.pick(groups)}`, body);
}

/** Adds, removes, or gives a role. */
function changeMember(actor: Actor): Promise<ErrorCode | undefined> {
  const { random, groups, people, hero } = actor.bustle;
  const member: UserId = random.pick([...people, hero]).user_id;
  const path = `/v1/channels/${random.pick(groups)}/members/${member}`;
  if (random.chance(0.25)) return http(actor, "DELETE", path);
  return http(
    actor,
    "PUT",
    path,
    random.chance(0.2) ? { role: random.pick(["admin", "member"]) } : {},
  );
}

function leave(actor: Actor): Promise<ErrorCode | undefined> {
  const { random, groups, people } = actor.bustle;
  // The first two stay, so that there is always someone who can bring the others back.
  if (people.indexOf(actor.session) < 2 && actor.session !== actor.bustle.hero) {
    return changeMember(actor);
  }
  return http(actor, "POST", `/v1/channels/${random.pick(groups)}/leave`);
}

function block(actor: Actor): Promise<ErrorCode | undefined> {
  const { random, people, hero } = actor.bustle;
  const other = actor.session === hero ? random.pick(people) : hero;
  const method = random.chance(0.4) ? "PUT" : "DELETE";
  return http(actor, method, `/v1/blocks/${other.user_id}`);
}

function profile(actor: Actor): Promise<ErrorCode | undefined> {
  return http(actor, "PATCH", "/v1/me", { about: `about ${actor.bustle.random.int(1, 1000)}` });
}
