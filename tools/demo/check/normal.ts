/** Forms in which two observations of the same thing are equal as texts. */
import type { Channel, Message } from "@damso/protocol";

/** JSON with the keys of every object in order. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/**
 * A message without what differs legitimately between two devices at the same state:
 * of a long text one may hold the preview and the other the whole. The texts have their own check.
 */
export function normalMessage(message: Message): string {
  const known = normal.get(message);
  if (known !== undefined) return known;
  const { body: _body, truncated: _truncated, ...rest } = message;
  const text = canonical(message.length === undefined ? message : rest);
  normal.set(message, text);
  return text;
}

/** Many devices hold the same observation: each is put into its form once. */
const normal = new WeakMap<Message, string>();

/**
 * A channel without what is not of the feed: the watermarks of the other side (passing, lazily stored), the position
 * of the last change, and the newest message, which is compared as a message.
 */
export function normalChannel(channel: Channel): string {
  const { pos: _pos, peer_read: _read, peer_delivered: _delivered, last: _last, ...rest } = channel;
  const members = rest.members.toSorted((a, b) => (a.user_id < b.user_id ? -1 : 1));
  return canonical({ ...rest, members, pins: rest.pins.toSorted((a, b) => a - b) });
}

/** The first place where two texts part, with a little of what is around it. */
export function difference(one: string, other: string): string {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  const around = (text: string): string => text.slice(Math.max(0, at - 30), at + 50);
  return `«${around(one)}» against «${around(other)}»`;
}
