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

export type Drafts = {
  of: (channel: ChannelId) => string;
  set: (channel: ChannelId, text: string) => void;
};

export function createDrafts(context: Context): Drafts {
  const { client, live, keep, later } = context;
  const key = `damso.drafts.${client.user_id}`;
  const local = signal<Readonly<Record<string, string>>>(getJson(keep, key) ?? {});
  const pauses = new Map<ChannelId, () => void>();

  function store(next: Readonly<Record<string, string>>): void {
    local.value = next;
    keep.set(key, JSON.stringify(next));
  }

  async function sync(channel: ChannelId): Promise<void> {
    const text = local.peek()[channel];
    if (text === undefined || text.length > SYNCED_CODE_UNITS_MAX) return;
    try {
      await client.set(channel, { draft: text === "" ? null : text });
    } catch {
      return; // Stays on this device until the next keystroke.
    }
    const { [channel]: current, ...rest } = local.peek();
    if (current === text) store(rest);
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
      if (known === text) return;
      pauses.get(channel)?.();
      if (text === "" && client.channel(channel)?.draft === undefined) {
        const { [channel]: _sent, ...rest } = local.peek();
        store(rest);
        return;
      }
      store({ ...local.peek(), [channel]: text });
      pauses.set(
        channel,
        later(PAUSE_MS, () => void sync(channel)),
      );
    },
  };
}
