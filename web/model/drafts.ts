/**
 * Texts that were begun and not sent. On this device at once; on the account's others after a pause. What stands here
 * wins over the account's draft until the server has taken it over.
 */
import type { ChannelId } from "@damso/sdk";
import { signal } from "@preact/signals";
import type { Context } from "./context.ts";
import { getJson } from "./keep.ts";

const PAUSE_MS = 1000;
/** A draft of at most 4 KiB is kept by the server; three bytes a code unit is the most that UTF-8 takes. */
const SYNCED_CODE_UNITS_MAX = 1365;

type Texts = Readonly<Record<string, string>>;

export type Drafts = {
  of: (channel: ChannelId) => string;
  set: (channel: ChannelId, text: string) => void;
  /** Tells the server what it could not be told before. */
  sync: () => void;
};

export function createDrafts(context: Context): Drafts {
  const { client, live, keep, later } = context;
  const key = `damso.drafts.${client.user_id}`;
  const local = signal<Texts>(getJson(keep, key) ?? {});
  const pauses = new Map<ChannelId, () => void>();
  /** The server has, or may have, a text that its answers and events do not tell of yet. */
  const told = new Set<ChannelId>();

  /** Read each time: other tabs write there too, and what one has sent is no draft in another. */
  const kept = (): Texts => getJson<Texts>(keep, key) ?? local.peek();

  function store(channel: ChannelId, text?: string): void {
    const { [channel]: _before, ...others } = kept();
    local.value = text === undefined ? others : { ...others, [channel]: text };
    keep.set(key, JSON.stringify(local.peek()));
  }

  async function tell(channel: ChannelId): Promise<void> {
    const text = kept()[channel];
    if (text === undefined || text.length > SYNCED_CODE_UNITS_MAX) return;
    told.add(channel);
    try {
      await client.set(channel, { draft: text === "" ? null : text });
    } catch {
      return; // Stays on this device until the next keystroke, or the next connection.
    }
    if (text === "") told.delete(channel);
    if (kept()[channel] === text) store(channel);
  }

  return {
    of: (channel) => {
      const here = local.value[channel];
      if (here !== undefined) return here;
      live.follow("channels");
      return client.channel(channel)?.draft ?? "";
    },
    set: (channel, text) => {
      const known = local.peek()[channel] ?? client.channel(channel)?.draft ?? "";
      if (known === text && !told.has(channel)) return;
      pauses.get(channel)?.();
      if (text === "" && client.channel(channel)?.draft === undefined && !told.has(channel)) {
        store(channel);
        return;
      }
      store(channel, text);
      pauses.set(
        channel,
        later(PAUSE_MS, () => void tell(channel)),
      );
    },
    sync: () => {
      for (const channel of Object.keys(kept()) as ChannelId[]) void tell(channel);
    },
  };
}
