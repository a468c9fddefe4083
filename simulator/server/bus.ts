/** The bus between the nodes of a cluster: requests to whoever owns a shard, and hints to gateways that may get lost. */
import type { Bus, TopicFrame } from "@damso/core/ports/bus";
import { shardOf } from "@damso/core/owner/place";
import { refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import type { Command } from "@damso/core/shard/commands";
import type { Host } from "../kernel/host.ts";
import { placeOf } from "../models/network.ts";
import type { World } from "../world.ts";
import type { Cluster } from "./cluster.ts";
import type { ClusterNode } from "./sharded.ts";

const TIMEOUT_MS = 5000;

/** Nobody holds what another node holds. */
const copy = <T>(value: T): T =>
  value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T);

/** The bus as one node of a cluster reaches it: its messages are datagrams. */
export function busOf(
  world: World,
  cluster: Cluster,
  host: Host,
  topics: ClusterNode["topics"],
): Bus {
  return {
    request: (command) => request(world, cluster, host, command as Command) as Promise<never>,
    send(gateway, items) {
      const node = cluster.nodes.get(gateway);
      if (!node) return;
      const sent = copy(items);
      world.network.datagram(host, node.host, "bus events", () => node.deliver(sent));
    },
    publish(topic, frame) {
      for (const node of cluster.nodes.values()) {
        if (!node.host.alive || !node.topics.has(topic)) continue;
        world.network.datagram(host, node.host, "bus topic", () => publish(node, topic, frame));
      }
    },
    subscribe(topic, listener) {
      const own = (frame: TopicFrame): void => listener(frame);
      const listeners = topics.get(topic) ?? new Set();
      topics.set(topic, listeners.add(own));
      return () => {
        listeners.delete(own);
        if (listeners.size === 0) topics.delete(topic);
      };
    },
  };
}

function publish(node: ClusterNode, topic: string, frame: TopicFrame): void {
  for (const listener of node.topics.get(topic) ?? []) listener(frame);
}

/**
 * Whoever believes to own the shard has subscribed to it: after a takeover there may be two for a while, because a node
 * that stands still does not learn that its lease is over.
 */
function ownersOf({ nodes }: Cluster, shard: number): ClusterNode[] {
  return [...nodes.values()].filter(({ host, serves }) => host.alive && serves.has(shard));
}

function request(
  world: World,
  cluster: Cluster,
  host: Host,
  command: Command,
): Promise<Result<unknown>> {
  const { scheduler, network, random } = world;
  const owners = ownersOf(cluster, shardOf(command, cluster.logs.shards.length));
  const unavailable = refuse("unavailable");
  return new Promise((resolve) => {
    if (owners.length === 0) {
      scheduler.after(network.latency(host.place, host.place), "no responders", host, () =>
        resolve(unavailable),
      );
      return;
    }
    const inTime = scheduler.after(TIMEOUT_MS, "bus timeout", host, () => resolve(unavailable));
    const node = random.pick(owners);
    if (owners.length > 1) world.tally.sometimes("two nodes believed to own a shard");
    const asked = copy(command);
    const answered = (answer: Result<unknown>): void => {
      const told = copy(answer);
      const arrive = (): void => {
        inTime();
        resolve(told);
      };
      if (node.host === host) arrive();
      else network.datagram(node.host, host, "bus answer", arrive);
    };
    // The bus carries a request at most once. Otherwise the second could do what the first was refused.
    let isAsked = false;
    const ask = (): void => {
      if (!isAsked) void node.owner.request(asked).then(answered);
      isAsked = true;
    };
    if (node.host === host) scheduler.after(0.01, "own shard", host, ask);
    else if (placeOf(node.host) !== placeOf(host))
      network.datagram(host, node.host, "bus request", ask);
  });
}
