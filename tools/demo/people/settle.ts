/** Waiting until a device is at rest. */
import type { Pos } from "@damso/protocol";
import type { Device } from "./device.ts";

const DEADLINE_MS = 20_000;
const LOOK_EVERY_MS = 10;
const PAGE = 200;

/** What is still missing when the time is over. */
async function wait(what: () => string | undefined): Promise<string | undefined> {
  const end = performance.now() + DEADLINE_MS;
  let missing = what();
  while (missing !== undefined && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    missing = what();
  }
  return missing;
}

async function must(self: Device, what: () => string | undefined): Promise<void> {
  const missing = await wait(what);
  if (missing !== undefined) throw new Error(`${self.name}: ${missing}`);
}

/** Waits until the store has everything up to `pos` and nothing is on its way. */
export async function caughtUp(self: Device, pos: Pos): Promise<string | undefined> {
  const missing = await wait(() => behind(self, pos) ?? unsent(self) ?? unread(self));
  return missing === undefined ? undefined : `${self.name}: ${missing}`;
}

function behind({ tables, chat }: Device, pos: Pos): string | undefined {
  const { cursor } = tables;
  if (cursor?.partial === true) return "the list of channels is not loaded";
  const at = cursor?.pos ?? 0;
  return at < pos ? `at position ${at} of ${pos}, ${JSON.stringify(chat.state())}` : undefined;
}

function unsent({ tables, chat }: Device): string | undefined {
  const waiting = [...tables.channels.keys()].flatMap((id) => chat.pending(id));
  const open = waiting.filter(({ state }) => state !== "failed");
  return open.length > 0 ? `${open.length} messages not sent` : undefined;
}

/** Channels that were left meanwhile have no marker any more. */
function unread({ tables, read }: Device): string | undefined {
  for (const [id, seq] of read) {
    const at = tables.channels.get(id)?.channel.read ?? seq;
    if (at < seq) return `read up to ${at} instead of ${seq} in ${id}`;
  }
  return undefined;
}

export async function readAll(self: Device): Promise<number> {
  const { chat } = self;
  await must(self, () => behind(self, 0));
  let count = 0;
  for (const { id } of chat.channels()) {
    let page = await chat.history(id, { limit: PAGE });
    count += page.messages.length;
    while (page.more_before) {
      const before = page.messages[0]?.seq;
      if (before === undefined)
        throw new Error(`${self.name}: an empty page of ${id} is not the end`);
      page = await chat.history(id, { before, limit: PAGE });
      count += page.messages.length;
    }
  }
  return count;
}

export async function ended(self: Device): Promise<number> {
  await must(self, () => (self.ended_at === undefined ? "still signed in" : undefined));
  return self.ended_at ?? 0;
}
