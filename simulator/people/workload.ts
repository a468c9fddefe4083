/** What people do with their devices, drawn by chance among what can be done at the moment. */
import type { Channel, ChannelId, Message, UserId } from "@damso/protocol";
import { directChannel } from "@damso/protocol/ids";
import { isRunning, killDevice, newDevice, startDevice } from "./device.ts";
import type { Device } from "./device.ts";
import type { ActKind } from "../plan.ts";
import type { World } from "../world.ts";
import { body } from "./bodies.ts";
import { pollFeed, pry, sendAgain } from "./raw.ts";

/** Sends that may be repeated. */
const SENT_KEPT = 50;

type Actor = Device & { client: NonNullable<Device["client"]> };
type Act = (world: World, actor: Actor) => unknown;

const EMOJI: readonly string[] = ["👍", "❤️", "😂", "ㅠㅠ"];

/** The device acts again and again, as long as the faults last. */
export function act(world: World, device: Device): void {
  const { scheduler, plan } = world;
  scheduler.after(device.random.exponential(plan.act_ms), "act", undefined, () => {
    if (world.healing) return;
    if (isRunning(device) && device.host.frozen_until <= scheduler.now()) {
      const kind = device.random.weighted(plan.acts as Record<ActKind, number>);
      perform(world, device, kind);
    }
    act(world, device);
  });
}

function perform(world: World, device: Actor, kind: ActKind): void {
  world.scheduler.note(`${device.who.device} ${kind}`);
  const done: unknown = ACTS[kind](world, device);
  // A refusal is an answer like another: the checkers have seen it.
  if (done instanceof Promise) done.catch(() => {});
}

const ACTS: Record<ActKind, Act> = {
  send: (world, actor) => write(world, actor, someChannel(world, actor)),
  reply(world, actor) {
    const message = someMessage(actor);
    if (message) write(world, actor, message.channel, message.seq);
  },
  resend: (world, actor) => sendAgain(world, actor),
  pry: (world, actor) => pry(world, actor),
  edit(world, actor) {
    const message = someMessage(actor, (one) => one.sender_id === actor.who.user_id);
    if (!message) return undefined;
    const if_rev = actor.random.chance(0.2) ? message.rev : undefined;
    // A page that is read at the same time may show what was there before, and come later.
    if (actor.random.chance(0.5))
      actor.client.history(message.channel, { around: message.seq, limit: 3 }).catch(() => {});
    return actor.client.edit(
      message.channel,
      message.seq,
      body(actor.random, world.plan.long),
      if_rev,
    );
  },
  delete(_world, actor) {
    const message = someMessage(actor, (one) => one.sender_id === actor.who.user_id);
    return message && actor.client.delete(message.channel, message.seq, "all");
  },
  hide(_world, actor) {
    const message = someMessage(actor);
    return message && actor.client.delete(message.channel, message.seq, "me");
  },
  react(_world, actor) {
    const message = someMessage(actor);
    return (
      message &&
      actor.client.react(
        message.channel,
        message.seq,
        actor.random.pick(EMOJI),
        actor.random.chance(0.7),
      )
    );
  },
  pin(_world, actor) {
    const message = someMessage(actor);
    return message && actor.client.pin(message.channel, message.seq, actor.random.chance(0.7));
  },
  read(_world, actor) {
    const channel = someKnown(actor);
    if (!channel) return;
    const back = actor.random.chance(0.7) ? 0 : actor.random.int(0, 5);
    actor.client.read(channel.id, Math.max(0, channel.head - back));
  },
  set(_world, actor) {
    const channel = someKnown(actor);
    if (!channel) return undefined;
    const { random } = actor;
    return actor.client.set(
      channel.id,
      random.pick([
        { draft: `draft ${random.int(1, 99)}` },
        { draft: null },
        { pinned: true },
        { pinned: null },
        { muted_until: "2030-01-01T00:00:00.000Z" },
        { muted_until: null },
        { unread_mark: true },
        { cleared_to: Math.max(1, channel.head - random.int(0, 10)) },
        { cleared_to: null },
      ]),
    );
  },
  async "create group"(world, actor) {
    const members = others(world, actor).filter(() => actor.random.chance(0.5));
    const made = await actor.client.createGroup({
      name: `group ${actor.random.int(1, 999)}`,
      members,
    });
    if (actor.random.chance(0.3))
      await actor.client.updateGroup(made.id, { settings: { history: "all" } });
  },
  "add member"(world, actor) {
    const group = someKnown(actor, ({ kind }) => kind === "group");
    const absent = others(world, actor).filter(
      (id) => !group?.members.some(({ user_id }) => user_id === id),
    );
    if (!group || absent.length === 0) return undefined;
    return actor.client.addMember(group.id, actor.random.pick(absent));
  },
  "remove member"(_world, actor) {
    const group = someKnown(actor, ({ kind }) => kind === "group");
    const present = group?.members.filter(({ user_id }) => user_id !== actor.who.user_id) ?? [];
    if (!group || present.length === 0) return undefined;
    return actor.client.removeMember(group.id, actor.random.pick(present).user_id);
  },
  leave(_world, actor) {
    const group = someKnown(actor, ({ kind }) => kind === "group");
    return group && actor.client.leave(group.id);
  },
  block: (world, actor) => actor.client.blocks.add(actor.random.pick(others(world, actor))),
  async unblock(_world, actor) {
    const [first] = await actor.client.blocks.list();
    if (first) await actor.client.blocks.remove(first.user_id);
  },
  async open(world, actor) {
    const channel = someKnown(actor);
    if (!channel) return;
    await actor.client.open(channel.id);
    await world.scheduler.pause(actor.random.int(100, 20_000), "looking", actor.host);
    actor.client.close(channel.id);
  },
  history(_world, actor) {
    const channel = someKnown(actor);
    if (!channel) return undefined;
    const seq = actor.random.int(1, Math.max(1, channel.head));
    const query = actor.random.pick([{}, { before: seq }, { after: seq }, { around: seq }]);
    return actor.client.history(channel.id, { ...query, limit: actor.random.int(1, 40) });
  },
  body(_world, actor) {
    const message = someMessage(actor, ({ truncated }) => truncated === true);
    return message && actor.client.body(message.channel, message.seq);
  },
  typing: (_world, actor) => {
    const channel = someKnown(actor);
    if (channel) actor.client.typing(channel.id);
  },
  watch(world, actor) {
    actor.watched = others(world, actor).filter(() => actor.random.chance(0.5));
    actor.client.watch(actor.watched);
  },
  active: (_world, actor) => actor.client.setActive(actor.random.chance(0.5)),
  poll: pollFeed,
  "log in": (world, actor) => logIn(world, actor.who.user_id),
  async "log out"(world, actor) {
    if (devicesOf(world, actor.who.user_id).length < 2) return;
    actor.ended = true;
    await actor.client.logOut();
    world.tally.sometimes("a device logged out");
    killDevice(world, actor);
  },
  async revoke(world, actor) {
    const victims = devicesOf(world, actor.who.user_id).filter((other) => other !== actor);
    if (victims.length === 0) return;
    const victim = actor.random.pick(victims);
    await actor.client.devices.remove(victim.who.device_id as never);
    world.tally.sometimes("a session was revoked");
  },
};

const devicesOf = (world: World, user_id: UserId): Device[] =>
  world.devices.filter((device) => device.who.user_id === user_id && !device.ended);

/** A new device of an account, or one more where there is room. */
export function logIn(world: World, user_id: UserId): void {
  if (devicesOf(world, user_id).length >= world.plan.devices_per_user_max) return;
  const number = world.devices.filter(({ who }) => who.user_id === user_id).length + 1;
  const user = [...world.accounts.users.keys()].indexOf(user_id) + 1;
  const device = newDevice(world, user_id, `u${user}.d${number}`, number);
  world.devices.push(device);
  startDevice(world, device);
  act(world, device);
}

function others(world: World, actor: Actor): UserId[] {
  return [...world.accounts.users.keys()].filter((user_id) => user_id !== actor.who.user_id);
}

function someKnown(
  actor: Actor,
  fits: (channel: Channel) => boolean = () => true,
): Channel | undefined {
  // From its store, which is quicker than the sorted list that a person would be shown.
  const known: Channel[] = [];
  for (const { channel } of actor.tables.channels.values()) if (fits(channel)) known.push(channel);
  return known.length > 0 ? actor.random.pick(known) : undefined;
}

/** One that the device knows, or a talk with somebody, or the notes to self. */
function someChannel(world: World, actor: Actor): ChannelId {
  const known = actor.random.chance(0.85) ? someKnown(actor) : undefined;
  if (known) return known.id;
  const all = actor.random.chance(0.1) ? [actor.who.user_id] : others(world, actor);
  return directChannel(actor.who.user_id, actor.random.pick(all));
}

function someMessage(
  actor: Actor,
  fits: (message: Message) => boolean = () => true,
): Message | undefined {
  const channel = someKnown(actor);
  const rows = channel && actor.tables.messages.get(channel.id);
  const found: Message[] = [];
  for (const one of rows?.values() ?? []) if (one.kind === "text" && fits(one)) found.push(one);
  return found.length > 0 ? actor.random.pick(found) : undefined;
}

function write(world: World, actor: Actor, channel: ChannelId, reply_to?: number): void {
  const { client, who, random } = actor;
  const text = body(random, world.plan.long);
  const members = client.channel(channel)?.members ?? [];
  const mention = members.length > 0 && random.chance(0.1);
  const options = {
    ...(reply_to !== undefined && { reply_to }),
    ...(mention && { mentions: [random.pick(members).user_id] }),
  };
  const known = client.channel(channel)?.head ?? 0;
  const before = client.pending(channel).at(-1)?.client_id;
  const sending = client.send(channel, text, options);
  const client_id = client.pending(channel).at(-1)?.client_id;
  // The SDK takes nothing more: its session is over, or its queue is full.
  if (client_id === undefined || client_id === before) {
    sending.catch(() => {});
    return;
  }
  world.sends++;
  actor.open.add(client_id);
  world.witness.intended({
    who,
    channel,
    client_id,
    body: text,
    order: ++actor.order,
    known,
    ...(reply_to !== undefined && { reply_to }),
  });
  sending.then(
    ({ seq, message_id, created_at }) => {
      actor.open.delete(client_id);
      actor.sent = [
        ...actor.sent.slice(-SENT_KEPT),
        { ...options, channel, client_id, body: text },
      ];
      world.witness.settled(client_id, { sent: { seq, message_id, created_at } });
    },
    ({ code }: { code: string }) => {
      // It waits in the store for the next start.
      if (code === "stopped" || code === "session_ended" || code === "replaced") return;
      actor.open.delete(client_id);
      world.witness.settled(client_id, { refused: code });
    },
  );
}
