/**
 * The bus of one process: direct calls, nothing copied, nothing queued. What the shard sends is with the gateway before
 * the call returns, so events and replies of one commit leave in one turn.
 */
import type { Bus, GatewayId, GatewayItem, TopicFrame } from "@damso/core/ports/bus";
import type { Signal } from "@damso/core/ports/signal";
import { refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import type { Answers, Command, CommandKind } from "@damso/core/shard/commands";

/** The owner of the shards: answers every command. */
export type Handler = <K extends CommandKind>(
  command: Command<K>,
  signal?: Signal,
) => Promise<Result<Answers[K]>>;

export type InProcessBus = Bus & {
  /** From now on this answers all requests; before, they are `unavailable`. The answer takes it back. */
  serve(handler: Handler): () => void;
  /** From now on `deliver` gets what is sent to the gateway of this id. */
  attachGateway(id: GatewayId, deliver: (items: readonly GatewayItem[]) => void): () => void;
};

export function createBus(): InProcessBus {
  let owner: Handler | undefined;
  const gateways = new Map<GatewayId, (items: readonly GatewayItem[]) => void>();
  const topics = new Map<string, Set<(frame: TopicFrame) => void>>();

  return {
    request(command, signal) {
      if (signal?.aborted) return aborted(signal);
      return owner ? owner(command, signal) : Promise.resolve(refuse("unavailable"));
    },
    send: (gateway, items) => gateways.get(gateway)?.(items),
    publish(topic, frame) {
      for (const listener of topics.get(topic) ?? []) listener(frame);
    },
    subscribe(topic, listener) {
      // A function subscribed twice is two subscriptions.
      const own = (frame: TopicFrame): void => listener(frame);
      const listeners = topics.get(topic) ?? new Set();
      topics.set(topic, listeners.add(own));
      return () => {
        listeners.delete(own);
        if (listeners.size === 0 && topics.get(topic) === listeners) topics.delete(topic);
      };
    },
    serve(handler) {
      owner = handler;
      return () => {
        if (owner === handler) owner = undefined;
      };
    },
    attachGateway(id, deliver) {
      gateways.set(id, deliver);
      return () => {
        if (gateways.get(id) === deliver) gateways.delete(id);
      };
    },
  };
}

async function aborted(signal: Signal): Promise<never> {
  signal.throwIfAborted();
  throw new Error("the signal did not throw");
}
