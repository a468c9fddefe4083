/** The checkers of a run, and what they need to look at when it is at rest. */
import type { AccountsData } from "@damso/contracts/fakes/accounts-data";
import type { KeyOf, RowOf, TableName } from "@damso/core/tables";
import type { UserId } from "@damso/protocol/ids";
import type { Channel } from "@damso/protocol/schema/channel";
import type { CheckerOptions } from "./checkers/book.ts";
import { createCheckers } from "./checkers/checkers.ts";
import type { RestDevice, RestView } from "./checkers/rest.ts";
import { brief, differing } from "./checkers/same.ts";
import type { Witness } from "./checkers/witness.ts";
import { START_MS } from "./kernel/host.ts";
import { isRunning } from "./people/device.ts";
import type { Device } from "./people/device.ts";
import type { FaultKind, Plan } from "./plan.ts";
import type { World } from "./world.ts";

export type Judge = {
  witness: Witness;
  faults(): string[];
  rest(world: World): void;
  counts(): Record<string, number>;
};

/** Faults under which a gateway may not hear of a revoke at once: it is told in an exchange, or ends the socket after a silence. */
const LOSES_REVOKES: ReadonlySet<FaultKind> = new Set<FaultKind>([
  "server crash",
  "server freeze",
  "server drain",
  "partition",
  "one-way cut",
  "slow network",
  "lossy network",
  "lossy bus",
  "log trouble",
  "discovery away",
]);

/** Clocks of servers that are a little slow. */
const SLOW_CLOCK_MS = 2000;

/**
 * How long a revoked session may be served by a gateway that asks its home and is not answered. Silence counts while
 * that gateway's process stands still or its time of day does.
 */
export function graceOf({
  wiring,
  faults,
  silence_ms,
}: Pick<Plan, "wiring" | "faults" | "silence_ms">): number {
  const lost = wiring === "sharded" && faults.some((kind) => LOSES_REVOKES.has(kind));
  return lost ? silence_ms + SLOW_CLOCK_MS : 1000;
}

/** A clock that jumps says nothing of how old an entry is. */
export function keptOf({
  feed_kept,
  faults,
}: Pick<Plan, "feed_kept" | "faults">): Pick<CheckerOptions, "feed_kept"> {
  if (!feed_kept) return {};
  const { entries, ms } = feed_kept;
  return { feed_kept: { entries, ms: faults.includes("server clock") ? 0 : ms } };
}

export type JudgeOptions = {
  now: () => number;
  plan: Plan;
  accounts: AccountsData;
  /** Hears of each violation at the moment it is found. */
  found: (violation: string) => void;
};

/** The witness of a run, and what it has to say when the run is over. */
export function judge({ now, plan, accounts, found }: JudgeOptions): Judge {
  const checkers = createCheckers({
    now: () => START_MS + now(),
    found: (rule, what) => found(`[${rule}] ${what}`),
    // Its hard bound, and one page on top of it.
    socket_bytes_max: 4 * 1024 * 1024 + 512 * 1024 * plan.weight_of_waiting,
    coalesced: plan.wiring === "sharded",
    lossy: plan.wiring === "sharded" && plan.faults.length > 0,
    pushes_to: (user_id) =>
      [...accounts.subscriptions.values()].some((subscription) => subscription.user_id === user_id),
    revoke_grace_ms: graceOf(plan),
    ...keptOf(plan),
  });
  return {
    witness: checkers.witness,
    faults: () => checkers.faults().map(({ rule, what }) => `[${rule}] ${what}`),
    rest(world) {
      tellOutcomes(world);
      const view = viewOf(world);
      checkers.rest(view);
      for (const { row } of view.rows("users"))
        if (row.tail > 0) world.tally.sometimes("a feed was trimmed");
    },
    counts: () => checkers.counts(),
  };
}

/** Of what an earlier life of an app was asked to send and a later one was refused. */
function tellOutcomes({ devices, witness }: World): void {
  for (const { tables } of devices)
    for (const { client_id, state, code } of tables.outbox.values())
      if (state === "failed" && code !== undefined) witness.settled(client_id, { refused: code });
}

function viewOf(world: World): RestView {
  const running = world.devices.filter((device) => !device.ended && isRunning(device));
  const online = new Set(running.map(({ who }) => who.user_id));
  const undecided = new Set(world.forgotten);
  for (const device of world.devices)
    if (device.ended) for (const id of device.open) undecided.add(id);
  const tables = Map.groupBy(world.rows().all(), ({ table }) => table);
  return {
    users: [...world.accounts.users.keys()].map((user_id) => ({
      user_id,
      online: online.has(user_id),
    })),
    devices: world.devices.map((device) => restDevice(world, device)),
    undecided,
    rows: <T extends TableName>(table: T) =>
      (tables.get(table) ?? []) as unknown as { key: KeyOf<T>; row: RowOf<T> }[],
  };
}

function restDevice({ accounts, restored, bugs }: World, device: Device): RestDevice {
  const { who, tables, client, watched } = device;
  const presence = new Map<UserId, "online" | "offline">();
  for (const user_id of watched) {
    const shown = client?.presenceOf(user_id);
    // Who blocked this user shows himself to him as offline.
    const hides = accounts.blocks.get(user_id)?.has(who.user_id) === true;
    if (!shown) continue;
    if (!hides) presence.set(user_id, shown.state);
    else if (shown.state !== "offline")
      bugs.push(`[I23] ${who.device} sees ${user_id}, who blocked him, as ${shown.state}`);
  }
  if (!device.ended && !restored) bugs.push(...shownWrong(device));
  return {
    who,
    attached: !device.ended && isRunning(device),
    snapshot: {
      cursor: tables.cursor,
      channels: [...tables.channels.values()],
      outbox: [...tables.outbox.values()].sort((a, b) => a.order - b.order),
    },
    messages: new Map(
      [...tables.messages].map(([id, rows]) => [
        id,
        [...rows.values()].sort((a, b) => a.seq - b.seq),
      ]),
    ),
    presence,
  };
}

/**
 * What a person sees is what the device keeps, which is what the checkers judge. A server that was put back to a backup
 * may not have what a device has said to have read; that device goes on to show it as read.
 */
function shownWrong({ who, client, tables }: Device): string[] {
  if (!client) return [];
  const wrong: string[] = [];
  const listed = new Map(client.channels().map((channel) => [channel.id, channel]));
  for (const { channel } of tables.channels.values()) {
    const shown = listed.get(channel.id);
    const field = shown && differing(shown, channel, Object.keys(channel) as (keyof Channel)[]);
    if (!shown || field)
      wrong.push(
        `[I2] ${who.device} shows ${channel.id} ${field} ${brief(shown?.[field ?? "id"])}, not ${brief(channel[field ?? "id"])}`,
      );
  }
  for (const id of listed.keys()) {
    if (!tables.channels.has(id)) wrong.push(`[I2] ${who.device} shows ${id} and does not keep it`);
    for (const { seq, rev, message_id, deleted_at } of client.messages(id).messages) {
      const kept = tables.messages.get(id)?.get(seq);
      if (kept?.rev !== rev || kept.message_id !== message_id || kept.deleted_at !== deleted_at)
        wrong.push(`[I16] ${who.device} shows ${id}#${seq} at rev ${rev}, not ${kept?.rev}`);
    }
  }
  return wrong;
}
