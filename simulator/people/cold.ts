/** New devices, one a user, that read whatever there is for them; the checkers judge the pages that they get. */
import type { ChannelId } from "@damso/protocol/ids";
import type { World } from "../world.ts";
import { newDevice, startDevice } from "./device.ts";
import type { Device } from "./device.ts";

/** Nothing goes wrong any more: so long for everything, with room to spare. */
const READ_MS = 60_000;
const STEP_MS = 250;
const PAGE = 50;
/** Of such a page everything may be hidden. */
const SMALL_PAGE = 3;

/** Signs everybody in once more, past what a person may have, and reads all histories from their ends to their beginnings. */
export function readEverything(world: World): void {
  const { scheduler, accounts, bugs, tally } = world;
  const readers = [...accounts.users.keys()].map((user_id, n) => {
    const name = `u${n + 1}.cold`;
    const device = newDevice(world, user_id, name, world.devices.length + 1);
    world.devices.push(device);
    startDevice(world, device);
    return device;
  });
  const waiting = new Set(readers);
  let done = 0;
  for (const [n, device] of readers.entries()) {
    const ends = (): unknown => waiting.delete(device);
    void readAll(world, device, n === 0 ? SMALL_PAGE : PAGE)
      .then(() => done++)
      .catch((error: unknown) =>
        bugs.push(`[I12] ${device.who.device} cannot read: ${String(error)}`),
      )
      .finally(ends);
  }
  const deadline = scheduler.now() + READ_MS;
  while (waiting.size > 0 && scheduler.now() < deadline) scheduler.run(scheduler.now() + STEP_MS);
  for (const { who } of waiting) bugs.push(`[I12] ${who.device} has not read everything in time`);
  tally.sometimes("a new device read everything", done);
}

async function readAll({ scheduler }: World, device: Device, limit: number): Promise<void> {
  while (device.client?.state().name !== "online" || !device.tables.cursor)
    await scheduler.pause(STEP_MS, "cold start", device.host);
  for (const { id, head } of device.client.channels())
    if (head > 0) await readChannel(device, id, limit);
}

/** From the end to the beginning: each page has to begin where the one before it ended. */
async function readChannel({ client }: Device, channel: ChannelId, limit: number): Promise<void> {
  if (!client) throw new Error("the app is gone");
  let page = await client.history(channel, { limit });
  while (page.more_before) {
    const [first] = page.messages;
    if (!first) throw new Error(`a page of ${channel} is empty and says that there is more`);
    page = await client.history(channel, { before: first.seq, limit });
    // All that is left may be hidden.
    const last = page.messages.at(-1);
    if (last && last.seq >= first.seq)
      throw new Error(`${channel} does not go on before #${first.seq}`);
  }
}
