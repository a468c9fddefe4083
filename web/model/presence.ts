/** Presence in words, and who is worth watching. */
import type { Channel, UserId } from "@damso/sdk";
import type { Context } from "./context.ts";
import { ago } from "./time.ts";

/** `watch` takes no more. */
const WATCHED_MAX = 200;

export type PresenceView = { online: boolean; text: string };

export function presenceView(context: Context, user_id: UserId): PresenceView {
  const { client, connected, live, speech, now } = context;
  live.follow("presence");
  const strings = speech.strings.value;
  const presence = client.presenceOf(user_id);
  const online = presence?.state === "online";
  const seen = presence?.last_active_at;
  // Without a connection whoever was here may be gone, and who was not may have come: nothing is said.
  if (!connected.value && (online || seen === undefined)) return { online: false, text: "" };
  if (online) return { online: true, text: strings.online };
  if (seen === undefined) return { online: false, text: strings.offline };
  const when = ago(seen, now.value, speech.locale.value, strings);
  return { online: false, text: strings.lastSeen(when) };
}

/** The other one of a direct channel; oneself in notes to self; undefined in a group. */
export function peerOf(channel: Pick<Channel, "kind" | "members">, me: UserId): UserId | undefined {
  if (channel.kind !== "direct") return undefined;
  return channel.members.find(({ user_id }) => user_id !== me)?.user_id ?? me;
}

/** Those whose presence is shown: the one whose chat is open, then the list from its top. */
export function watched(
  channels: readonly Channel[],
  me: UserId,
  open: UserId | undefined,
): UserId[] {
  const peers = [open, ...channels.map((channel) => peerOf(channel, me))];
  const shown = peers.filter((peer): peer is UserId => peer !== undefined && peer !== me);
  return [...new Set(shown)].slice(0, WATCHED_MAX);
}
