/** At rest a device holds what the server has, as far as its user sees it: I2, I6, I9, I15, I16, I21, I23. */
import type { UserId } from "@damso/protocol/ids";
import type { Channel } from "@damso/protocol/schema/channel";
import type { ChannelRecord } from "@damso/sdk/store/port";
import type { ChannelRow } from "@damso/core/tables";
import { homeIn, ownOf } from "./book.ts";
import type { Book, ChannelBook, HomeBook, Own } from "./book.ts";
import type { Rule } from "./faults.ts";
import { checkHeld } from "./rest-messages.ts";
import type { RestDevice, RestView } from "./rest.ts";
import { brief, same } from "./same.ts";
import { ownFault } from "./summaries.ts";

export function checkDevices(book: Book, world: RestView): void {
  const online = new Map(world.users.map((user) => [user.user_id, user.online]));
  for (const device of world.devices) {
    const { who, attached, snapshot } = device;
    const home = homeIn(book, who.user_id);
    const place = `${who.device} of ${who.user_id}`;
    if (!attached) continue;
    const { cursor, outbox } = snapshot;
    if (cursor?.pos !== home.head || cursor.partial)
      book.faults.add("I21", `${place} is at ${brief(cursor)} of ${home.head}`);
    for (const { client_id, channel, state } of outbox)
      if (state !== "failed")
        book.faults.add("I21", `${place}: ${client_id} in ${channel} is ${state} still`);
    checkChannels(book, home, place, device);
    checkPresence(book, place, device, online);
  }
}

function checkPresence(
  book: Book,
  place: string,
  { presence }: RestDevice,
  online: ReadonlyMap<UserId, boolean>,
): void {
  for (const [user_id, state] of presence) {
    const due = online.get(user_id) ? "online" : "offline";
    if (state !== due) book.faults.add("I23", `${place}: ${user_id} is ${due}, shown is ${state}`);
  }
}

function checkChannels(book: Book, home: HomeBook, place: string, device: RestDevice): void {
  const held = new Map(device.snapshot.channels.map((record) => [record.channel.id, record]));
  for (const id of home.owns.keys())
    if (ownOf(home, id) && !held.has(id)) book.faults.add("I2", `${place}: ${id} is missing`);
  for (const [id, record] of held) {
    const own = ownOf(home, id);
    const channel = book.channels.get(id);
    if (!own || !channel?.row)
      book.faults.add("I9", `${place}: ${id} is here, the user is not in it`);
    else {
      checkRecord(book, `${place}: ${id}`, own, channel, channel.row, record);
      checkHeld(book, `${place}: ${id}`, own, channel, record, device.messages.get(id) ?? []);
    }
  }
  for (const [id, messages] of device.messages)
    if (messages.length > 0 && !held.has(id))
      book.faults.add("I9", `${place}: messages of ${id} are left behind`);
}

function checkRecord(
  book: Book,
  place: string,
  own: Own,
  channel: ChannelBook,
  row: ChannelRow,
  { channel: shown }: ChannelRecord,
): void {
  const mine = ownFault(own, shown);
  if (mine) book.faults.add("I15", `${place}: ${mine}`);
  const pins = row.pins.filter((seq) => seq >= own.visible_from);
  const pairs: [Rule, string, unknown, unknown][] = [
    ["I2", "head", channel.head, shown.head],
    ["I2", "name", row.name, shown.name],
    ["I2", "avatar", row.avatar, shown.avatar],
    ["I2", "settings", row.settings, shown.settings],
    ["I2", "pins", pins.toSorted((a, b) => a - b), shown.pins.toSorted((a, b) => a - b)],
    ["I2", "members", roles(row.members), roles(shown.members)],
    ["I2", "last", lastDue(own, channel), lastOf(shown)],
  ];
  for (const [rule, name, due, is] of pairs)
    if (!same(due, is))
      book.faults.add(rule, `${place}: ${name} is ${brief(is)}, not ${brief(due)}`);
}

function roles(members: readonly { user_id: UserId; role: string }[]): string[] {
  return members.map(({ user_id, role }) => `${user_id} ${role}`).sort();
}

/** The newest message by its place and state; a hidden one by its place. */
function lastDue(own: Own, channel: ChannelBook): string | undefined {
  const last = channel.kept[channel.head - 1]?.message;
  if (!last || last.seq <= own.cleared_to) return undefined;
  return `#${last.seq} rev ${own.hidden.has(last.seq) ? 0 : last.rev}`;
}

function lastOf({ last }: Channel): string | undefined {
  return last && `#${last.seq} rev ${last.unavailable ? 0 : last.rev}`;
}
