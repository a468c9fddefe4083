/**
 * What `/metrics` tells, in the Prometheus text format. The hot path counts in plain numbers; everything here runs when
 * somebody asks, but for the two histograms of the commit path, which are touched once a commit.
 */
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Counters } from "./gateway/counters.ts";
import type { PushCounters } from "./notifier/counters.ts";
import type { ShardCounters } from "./shard/counters.ts";

/** Commits since the start; `buckets` count those that took at most `le` seconds. */
export type CommitStats = {
  count: number;
  seconds: number;
  rows: number;
  buckets: { le: number; count: number }[];
};

export type Metrics = {
  /** Once a commit. */
  committed(stats: { rows: number; took_ms: number }): void;
  commits(): Promise<CommitStats>;
  /** Once a push, when it is handed to its service: how long after the commit of the message. */
  pushed(after_ms: number): void;
  /** The page, and the content type that goes with it. */
  render(): Promise<{ body: string; type: string }>;
};

export type MetricsSource = {
  counters: Counters;
  push: PushCounters;
  /** Gauges by name, without the prefix: queue depths, sizes of caches. */
  gauges(): Record<string, number>;
  /** Sockets that the node is meant for. */
  capacity: number;
  /** Of a node of a cluster. */
  cluster?: {
    /** Shards of all nodes together. */
    count: number;
    shards: ShardCounters;
    drops: () => Readonly<Record<string, number>>;
  };
};

const PREFIX = "damso_";

export function createMetrics(source: MetricsSource): Metrics {
  const registry = new Registry();
  countersOf(registry, source.counters);
  gauge(registry, "capacity", "Sockets that this node takes", () => source.capacity);
  gaugesOf(registry, source);
  if (source.cluster) clusterOf(registry, source.cluster);
  processOf(registry);
  return {
    ...commitsOf(registry),
    pushed: pushesOf(registry, source.push),
    render: async () => ({ body: await registry.metrics(), type: registry.contentType }),
  };
}

function counter(registry: Registry, name: string, help: string, read: () => number): void {
  const metric = new Counter({
    name: `${PREFIX}${name}_total`,
    help,
    registers: [registry],
    collect(): void {
      metric.reset();
      metric.inc(read());
    },
  });
}

function labelled(
  registry: Registry,
  name: string,
  label: string,
  help: string,
  read: () => Readonly<Record<string, number>>,
): void {
  const metric = new Counter({
    name: `${PREFIX}${name}_total`,
    help,
    labelNames: [label],
    registers: [registry],
    collect(): void {
      metric.reset();
      for (const [key, value] of Object.entries(read())) metric.inc({ [label]: key }, value);
    },
  });
}

function gauge(registry: Registry, name: string, help: string, read: () => number): void {
  const metric = new Gauge({
    name: `${PREFIX}${name}`,
    help,
    registers: [registry],
    collect: (): void => metric.set(read()),
  });
}

function countersOf(registry: Registry, from: Counters): void {
  gauge(registry, "connections", "Sockets that are open", () => from.connections);
  gauge(registry, "sessions", "Sockets behind their welcome", () => from.ready);
  gauge(registry, "long_polls", "Long polls that wait", () => from.polls);
  gauge(registry, "lagging", "Sockets that get no events until they drain", () => from.lagging);
  gauge(registry, "requests_in_flight", "Frames that wait for an answer", () => from.in_flight);
  gauge(registry, "watches", "Watched and watching users of this gateway", () => from.watches);
  gauge(registry, "topics", "Channels that a socket here has open", () => from.topics);
  counter(registry, "sockets_opened", "Sockets since the start", () => from.opened);
  counter(registry, "frames_in", "Frames from clients", () => from.frames_in);
  counter(registry, "frames_out", "Frames to clients", () => from.frames_out);
  counter(registry, "writes", "Writes to sockets, each of one or more frames", () => from.writes);
  counter(registry, "sends", "Messages that clients sent", () => from.sends);
  counter(registry, "events", "Feed events written to sockets", () => from.events);
  counter(registry, "heads", "Sockets told that they are behind", () => from.heads);
  labelled(registry, "bounds", "bound", "What happened at a bound", () => from.bounds);
  labelled(registry, "refusals", "code", "Frames refused", () => from.refusals);
  labelled(registry, "http_requests", "status", "HTTP requests answered", () => from.answers);
  labelled(registry, "closes", "code", "Sockets closed by the server", () => from.closes);
}

function gaugesOf(registry: Registry, source: MetricsSource): void {
  const metric = new Gauge({
    name: `${PREFIX}size`,
    help: "Things held in memory, by what they are",
    labelNames: ["of"],
    registers: [registry],
    collect(): void {
      // A node that lost its last shard has none of a shard's sizes any more.
      metric.reset();
      for (const [name, value] of Object.entries(source.gauges())) metric.set({ of: name }, value);
    },
  });
}

function clusterOf(
  registry: Registry,
  { count, shards: from, drops }: NonNullable<MetricsSource["cluster"]>,
): void {
  gauge(registry, "cluster_shards", "Shards of the cluster, whoever owns them", () => count);
  counter(registry, "shards_opened", "Shards that this node took over", () => from.opened);
  labelled(registry, "shards_ended", "why", "Shards that it gave up or lost", () => from.ended);
  counter(registry, "log_retries", "Appends tried again", () => from.retried);
  counter(registry, "log_adopted", "Unanswered appends that are there", () => from.adopted);
  counter(registry, "log_fenced", "Appends refused: another owner came", () => from.fenced);
  counter(registry, "log_holes", "Logs that lack records", () => from.holes);
  counter(registry, "flushes", "Flushes to the table", () => from.flushes);
  counter(registry, "flushed_rows", "Rows that the table took", () => from.flushed_rows);
  counter(registry, "flush_delays", "Flushes that the table did not take", () => from.delayed);
  labelled(registry, "bus_drops", "reason", "What did not get to another node", drops);
}

function processOf(registry: Registry): void {
  gauge(registry, "memory_bytes", "Resident memory of the process", () =>
    process.memoryUsage.rss(),
  );
  gauge(registry, "heap_bytes", "JavaScript heap in use", () => process.memoryUsage().heapUsed);
  gauge(registry, "uptime_seconds", "Since the process started", () => process.uptime());
  counter(registry, "cpu_seconds", "Processor time of the process", () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
}

function pushesOf(registry: Registry, from: PushCounters): Metrics["pushed"] {
  labelled(registry, "pushes", "outcome", "Notices for devices", () => from.outcomes);
  labelled(registry, "push_failures", "why", "Notices not delivered", () => from.reasons);
  const seconds = new Histogram({
    name: `${PREFIX}push_seconds`,
    help: "Time from the commit of a message until its push goes to a service, two seconds to be seen in included",
    buckets: [2.1, 2.25, 2.5, 3, 5, 10, 30, 60, 300],
    registers: [registry],
  });
  return (after_ms) => seconds.observe(after_ms / 1000);
}

function commitsOf(registry: Registry): Pick<Metrics, "committed" | "commits"> {
  const seconds = new Histogram({
    name: `${PREFIX}commit_seconds`,
    help: "Time from the start of a commit until it is durable",
    buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2],
    registers: [registry],
  });
  const rows = new Histogram({
    name: `${PREFIX}commit_rows`,
    help: "Rows of one commit",
    buckets: [1, 4, 16, 64, 256, 1024, 4096, 16_384],
    registers: [registry],
  });
  return {
    committed(stats) {
      seconds.observe(stats.took_ms / 1000);
      rows.observe(stats.rows);
    },
    commits: async () => {
      const took = await readHistogram(seconds);
      const { sum } = await readHistogram(rows);
      return { count: took.count, seconds: took.sum, rows: sum, buckets: took.buckets };
    },
  };
}

type Reading = { count: number; sum: number; buckets: CommitStats["buckets"] };

async function readHistogram(histogram: Histogram): Promise<Reading> {
  const { values } = await histogram.get();
  const of = (end: string): number =>
    values.find(({ metricName }) => metricName?.endsWith(end))?.value ?? 0;
  const buckets = values.flatMap(({ metricName, labels, value }) => {
    const le = Number(labels["le"]);
    return metricName?.endsWith("_bucket") && Number.isFinite(le) ? [{ le, count: value }] : [];
  });
  return { count: of("_count"), sum: of("_sum"), buckets };
}
