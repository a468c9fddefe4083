/** How the server is: its nodes, the load of this one, and whether what it depends on answers. Rule A6. */
import type { Users } from "@damso/core/ports/accounts";
import type { Clock } from "@damso/core/ports/clock";
import type { Discovery } from "@damso/core/ports/discovery";
import type { Reads } from "@damso/core/ports/store";
import type { Check, Load, NodeView } from "@damso/protocol/http/admin";
import type { RouteAnswer } from "@damso/protocol/http/routes";
import type { ChannelId } from "@damso/protocol/ids";
import type { Counters } from "../gateway/counters.ts";
import type { Timers } from "../gateway/timers.ts";
import { inTime } from "../in-time.ts";
import type { CommitStats } from "../metrics.ts";

export type OverviewDeps = {
  node_id: string;
  version: string;
  discovery: Pick<Discovery, "list" | "owners">;
  /** Whether shards are shared with other nodes. */
  in_cluster: boolean;
  counters: Counters;
  /** Depths of queues and sizes of caches. */
  sizes(): Record<string, number>;
  commits(): Promise<CommitStats>;
  /** Of the process. */
  usage(): Pick<Load, "memory_bytes" | "heap_bytes" | "cpu_seconds" | "uptime_seconds">;
  /** What keeps this node from serving. */
  unready(): string[] | Promise<string[]>;
  /** Why a shard of this node refuses writes, or undefined. */
  failure(): unknown;
  rows: Pick<Reads, "get">;
  accounts: { users: Pick<Users, "first"> };
  clock: Clock;
  timers: Pick<Timers, "after">;
  /** Milliseconds that only go forward. */
  monotonic(): number;
};

type Overview = Omit<RouteAnswer<"getOverview">, "push_test">;

/** What does not answer in this time is told as not answering. */
const ANSWER_MS_MAX = 1500;

export async function overview(deps: OverviewDeps, signal: AbortSignal): Promise<Overview> {
  const [nodes, checks] = await Promise.all([nodesOf(deps, signal), checksOf(deps, signal)]);
  return { node_id: deps.node_id, version: deps.version, nodes, checks };
}

/** Of all nodes what they tell discovery. This one is there even where discovery is not, for it answers. */
async function nodesOf(deps: OverviewDeps, signal: AbortSignal): Promise<NodeView[]> {
  const [records, owners, load] = await Promise.all([
    answered(deps, () => deps.discovery.list(signal)).catch(() => []),
    answered(deps, () => ownersOf(deps, signal)).catch(() => undefined),
    loadOf(deps),
  ]);
  const nodes = records.map((record): NodeView => {
    const shards = owners?.filter((owner) => owner === record.node_id).length;
    return {
      ...record,
      roles: [...record.roles],
      ...(shards !== undefined && { shards }),
      ...(record.node_id === deps.node_id && { load }),
    };
  });
  return nodes.some(({ node_id }) => node_id === deps.node_id)
    ? nodes
    : [...nodes, alone(deps, load)];
}

async function ownersOf(
  { discovery, in_cluster }: OverviewDeps,
  signal: AbortSignal,
): Promise<string[] | undefined> {
  return in_cluster ? [...(await discovery.owners(signal)).values()] : undefined;
}

/** This node in the words of discovery, when that has not heard of it. */
function alone({ node_id, counters }: OverviewDeps, load: Load): NodeView {
  const { connections } = counters;
  const unknown = { roles: [], region: "", zone: "", capacity: 0, draining: false };
  return { node_id, ...unknown, connections, load };
}

async function loadOf(deps: OverviewDeps): Promise<Load> {
  const { counters } = deps;
  return {
    at: new Date(deps.clock.now()).toISOString(),
    ...deps.usage(),
    sockets: counters.connections,
    sessions: counters.ready,
    lagging: counters.lagging,
    in_flight: counters.in_flight,
    long_polls: counters.polls,
    sends: counters.sends,
    events: counters.events,
    frames_in: counters.frames_in,
    frames_out: counters.frames_out,
    commits: await deps.commits(),
    sizes: deps.sizes(),
    refusals: { ...counters.refusals },
    bounds: { ...counters.bounds },
    http: { ...counters.answers },
  };
}

async function checksOf(deps: OverviewDeps, signal: AbortSignal): Promise<Check[]> {
  return await Promise.all([
    check(deps, "node", async () => {
      const reasons = await deps.unready();
      if (reasons.length > 0) throw new Error(reasons.join("; "));
    }),
    check(deps, "accounts", () => deps.accounts.users.first(signal)),
    check(deps, "history", () => deps.rows.get("channels", [NO_CHANNEL], signal)),
    check(deps, "discovery", () => deps.discovery.list(signal)),
    check(deps, "shards", async () => {
      if (deps.failure() !== undefined) throw new Error("the store cannot be written to");
    }),
  ]);
}

/** A row that is not there costs the store as much of an answer as one that is. */
const NO_CHANNEL = "g1000000000000000000" as ChannelId;

async function check(
  deps: OverviewDeps,
  name: Check["name"],
  ask: () => Promise<unknown>,
): Promise<Check> {
  const from = deps.monotonic();
  const took = (): number => Math.round((deps.monotonic() - from) * 10) / 10;
  try {
    await answered(deps, ask);
    return { name, ok: true, took_ms: took() };
  } catch (error) {
    return { name, ok: false, took_ms: took(), detail: sentenceOf(error) };
  }
}

/** The first line is for people; the rest, and addresses that may hold a password, is for the log. */
function sentenceOf(error: unknown): string {
  const { code, message = "" } = error as { code?: unknown; message?: string };
  if (typeof code === "string") return code;
  return /:\/\/\S*@/.test(message) ? "failed" : (message.split("\n")[0] ?? "").slice(0, 200);
}

const answered = <T>({ timers }: OverviewDeps, ask: () => Promise<T>): Promise<T> =>
  inTime(timers, ANSWER_MS_MAX, ask, () => Promise.reject(new Error("does not answer")));
