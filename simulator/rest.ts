/** What still has to come right before a run is at rest. */
import type { UserId } from "@damso/protocol/ids";
import { LIMITS } from "@damso/protocol/limits";
import { isRunning } from "./people/device.ts";
import type { Device } from "./people/device.ts";
import type { Rows } from "./models/rows.ts";
import type { World } from "./world.ts";

/** In words; empty when the world is at rest. */
export function unsettled(world: World): string[] {
  // Of a cluster what its logs have taken, which is quicker than what it would recover.
  const rows = world.disk?.rows ?? world.truth;
  const heads = new Map<UserId, number>();
  const open: string[] = [];
  for (const server of world.servers) {
    if (!server.life?.engine.isReady()) open.push(`${server.name} is not ready`);
  }
  for (const device of world.devices) {
    if (device.ended) continue;
    const what = behind(device, headOf(rows, heads, device.who.user_id));
    if (what !== undefined) open.push(`${device.who.device} ${what}`);
  }
  if (world.accounts.outbox.length > 0)
    open.push(`${world.accounts.outbox.length} changes of accounts are not told`);
  open.push(...world.undelivered());
  return open;
}

function headOf(rows: Rows, heads: Map<UserId, number>, user_id: UserId): number {
  const known = heads.get(user_id);
  if (known !== undefined) return known;
  const [last] = rows.range("feed", { prefix: [user_id], limit: 1, reverse: true });
  const head = last?.key[1] ?? 0;
  heads.set(user_id, head);
  return head;
}

function behind(device: Device, head: number): string | undefined {
  if (!isRunning(device)) return "does not run";
  const { name } = device.client.state();
  if (name !== "online") return `is ${name}`;
  const { cursor, outbox } = device.tables;
  if (!cursor || cursor.partial) return "has no whole list of its channels";
  if (cursor.pos !== head) return `is at ${cursor.pos} of ${head}`;
  const waiting = waitingIn(outbox);
  return waiting > 0 ? `has ${waiting} messages on their way` : undefined;
}

function waitingIn(outbox: Device["tables"]["outbox"]): number {
  return [...outbox.values()].filter(({ state }) => state !== "failed").length;
}

/** Milliseconds that the servers' limit makes a device take at least for what it has queued, where it is on. */
export function backlogMs({ plan, devices }: World): number {
  if (!plan.rate_limits) return 0;
  const most = Math.max(...devices.map(({ tables }) => waitingIn(tables.outbox)));
  return Math.max(0, (most - LIMITS.sends_burst) / LIMITS.sends_per_second) * 1000;
}
