/** One random thing that happens to a device, its server or its friends; a list of them is a test run. */
import type { ChannelId, UserId } from "@damso/protocol";
import { started } from "./device.ts";
import type { Device } from "./device.ts";
import { answer } from "./fake-commands.ts";
import type { FakeServer } from "./fake-server.ts";
import { NO_FAULTS } from "./fake-server.ts";
import { channelOf, headPos, join, leave, tell, userOf } from "./fake-tables.ts";
import type { World } from "./world.ts";

/** `n` chooses among what is there, whatever there is. */
export type Happening = { what: (typeof HAPPENINGS)[number]; n: number };

export const HAPPENINGS = [
  "say",
  "say",
  "say",
  "edit",
  "delete",
  "react",
  "hide",
  "clear",
  "draft",
  "mark",
  "read",
  "send",
  "send",
  "history",
  "leave",
  "join",
  "news",
  "kick",
  "outage",
  "trim",
  "restore",
  "restart",
  "wait",
] as const;

export type Scene = {
  world: World;
  server: FakeServer;
  device: Device;
  me: UserId;
  other: UserId;
  channels: readonly ChannelId[];
  sent: number;
};

export async function happen(scene: Scene, { what, n }: Happening): Promise<void> {
  const { world, server, device, me, other, channels } = scene;
  const { tables } = server;
  const { client } = device;
  const id = channels[n % channels.length] as ChannelId;
  const channel = channelOf(tables, id);
  const head = channel?.messages.length ?? 0;
  const seq = head === 0 ? 1 : 1 + (n % head);
  const user = userOf(tables, me);
  const at = { id: 0, channel: id, seq };
  switch (what) {
    case "say":
      if (channel?.members.some((m) => m.user_id === other)) server.say(other, id, `said ${n}`);
      return;
    case "edit":
      return void answer(tables, userOf(tables, other), { type: "edit", ...at, body: `edit ${n}` });
    case "delete":
      return void answer(tables, userOf(tables, other), { type: "delete", ...at, for: "all" });
    case "react":
      return void answer(tables, user, { type: "react", ...at, emoji: "👍", on: n % 3 > 0 });
    case "hide":
      if (head > 0) answer(tables, user, { type: "delete", ...at, for: "me" });
      return;
    case "clear":
      return void answer(tables, user, { type: "set", id: 0, channel: id, cleared_to: seq });
    case "draft":
      return void answer(tables, user, {
        type: "set",
        id: 0,
        channel: id,
        draft: n % 2 === 0 ? null : `${n}`,
      });
    case "mark":
      return void answer(tables, user, {
        type: "set",
        id: 0,
        channel: id,
        unread_mark: n % 2 === 0,
      });
    case "read":
      return client.read(id, seq);
    case "send":
      scene.sent++;
      return void client.sendSoon(id, `mine ${scene.sent}`);
    case "history":
      return void client.history(id, queries(seq)[n % 4]).catch(() => {});
    case "leave":
      if (id.startsWith("g") && channel !== undefined && user.own.has(id))
        leave(tables, channel, me);
      return;
    case "join":
      if (id.startsWith("g") && channel !== undefined && !user.own.has(id))
        join(tables, channel, [me]);
      return;
    case "news":
      return tell(tables, me, { kind: "news" });
    case "kick":
      return server.kick(me, [1006, 4000, 4008, 1012][n % 4] ?? 1006);
    case "outage":
      return outage(scene, n);
    case "trim":
      if (n % 8 === 0) server.trim(me, headPos(user));
      return;
    case "restore":
      if (n % 8 === 0) server.restore(me);
      return server.kick(me, 1006);
    case "restart":
      scene.device = device.restart();
      return void (await started(world, scene.device));
    case "wait":
      return world.advance(n * 40);
  }
}

function queries(
  seq: number,
): ({ before: number } | { after: number } | { around: number } | {})[] {
  return [{ before: seq, limit: 5 }, { after: seq, limit: 5 }, { around: seq, limit: 5 }, {}];
}

async function outage({ world, server, me, device }: Scene, n: number): Promise<void> {
  server.down = true;
  server.kick(me, 1006);
  if (n % 2 === 0) device.setNetwork(false);
  await world.advance(n * 100);
  server.down = false;
  if (n % 2 === 0) device.setNetwork(true);
}

/** The day turns good: whatever was broken works again. */
export function calm({ server, device }: Scene): void {
  server.down = false;
  Object.assign(server.faults, NO_FAULTS);
  device.setNetwork(true);
}
