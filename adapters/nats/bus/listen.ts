/** Subscriptions whose callbacks cannot hurt the connection. */
import type { Msg, SubscriptionOptions } from "@nats-io/transport-node";
import type { BusParts } from "../bus.ts";

/**
 * An error in a callback ends the client's loop that reads from the socket, and with it everything: so none gets there.
 * The answer ends the subscription; what the server has sent until then still comes.
 */
export function listen(
  parts: BusParts,
  subject: string,
  heard: (message: Msg) => void,
  options: Pick<SubscriptionOptions, "queue"> = {},
): () => void {
  const { connection } = parts;
  // On its way out a node hears nothing new.
  if (connection.isClosed() || connection.isDraining()) return () => {};
  const subscription = connection.subscribe(subject, {
    ...options,
    callback(error, message) {
      try {
        if (error) parts.failed(subject, error);
        else heard(message);
      } catch (thrown) {
        parts.failed(subject, thrown);
      }
    },
  });
  // It may have ended with the connection.
  return () => void subscription.drain().catch(() => {});
}
