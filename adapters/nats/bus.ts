/**
 * The bus of a cluster: each node that owns a shard listens to the shard's subject, each gateway to its own, and each node
 * to the topics that somebody in it looks at. What one node says to one other arrives in the order in which it was said.
 * Who is in this process is called directly and does not wait for a server. Rule D20: what is lost is a hint.
 */
import type { NatsConnection } from "@nats-io/transport-node";
import type { Bus, GatewayId, GatewayItem } from "@damso/core/ports/bus";
import type { Signal } from "@damso/core/ports/signal";
import type { Result } from "@damso/core/result";
import type { Answers, Command, CommandKind } from "@damso/core/shard/commands";
import { noDrops } from "./bus/drops.ts";
import type { Drops } from "./bus/drops.ts";
import { createGateways } from "./bus/gateways.ts";
import { createRequests } from "./bus/requests.ts";
import { createTopics } from "./bus/topics.ts";
import { createOutbound } from "./outbound.ts";

export type Handler = <K extends CommandKind>(
  command: Command<K>,
  signal?: Signal,
) => Promise<Result<Answers[K]>>;

export type Deliver = (items: readonly GatewayItem[]) => void;

export type NatsBusOptions = {
  connection: NatsConnection;
  /** What the subjects of this cluster begin with: letters, digits and `_`. */
  prefix: string;
  /** The shard of a command; throws when it names none. */
  shardOf(command: Command): number;
  /** A handler or listener failed on what came from another node. */
  failed(what: string, error: unknown): void;
};

export type NatsBus = Bus & {
  /** From now on this answers what is asked of the shard. The answer takes it back: what is on its way is still answered. */
  serve(shard: number, handler: Handler): () => void;
  /** From now on `deliver` gets what is sent to the gateway of this id. */
  attachGateway(id: GatewayId, deliver: Deliver): () => void;
  /** What did not get where it was meant for, counted since the start. */
  drops(): Drops;
};

/** What the parts of one bus share. */
export type BusParts = NatsBusOptions & {
  outbound: ReturnType<typeof createOutbound>;
  drops: Drops;
};

/** The connection stays its caller's. */
export function createNatsBus(options: NatsBusOptions): NatsBus {
  const drops = noDrops();
  const parts: BusParts = { ...options, outbound: createOutbound(options.connection), drops };
  return {
    ...createRequests(parts),
    ...createGateways(parts),
    ...createTopics(parts),
    drops: () => ({ ...drops }),
  };
}
