/** Two states of one message become one. Rule D10, invariant I16: the highest rev wins. */
import type { Message } from "@damso/protocol";

/**
 * The newer state by `rev`, the arriving one at a tie. A preview keeps the full body of an equal `body_rev`,
 * whichever of the two carries it; a deleted message keeps nothing.
 */
export function mergeMessage(stored: Message | undefined, arriving: Message): Message {
  if (!stored) return arriving;
  const [newer, older] = arriving.rev < stored.rev ? [stored, arriving] : [arriving, stored];
  const complete = newer.truncated && !older.truncated;
  if (!complete || newer.body_rev !== older.body_rev || older.body === undefined) return newer;
  return withBody(newer, older.body);
}

/** The message with its whole text instead of a preview. */
export function withBody(message: Message, body: string): Message {
  const { truncated: _, ...rest } = message;
  return { ...rest, body };
}
