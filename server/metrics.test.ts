import { expect, test } from "bun:test";
import { countAnswer, createCounters } from "./gateway/counters.ts";
import { createMetrics } from "./metrics.ts";
import { createPushCounters } from "./notifier/counters.ts";
import { createShardCounters } from "./shard/counters.ts";

test("the page holds what was counted, as counters and gauges of the text format", async () => {
  const counters = createCounters();
  counters.connections = 3;
  counters.frames_in = 10;
  counters.refusals.not_member = 2;
  counters.bounds.lagging = 1;
  for (const status of [200, 204, 404, 503]) {
    countAnswer(counters, new Response(null, { status }));
  }
  const metrics = createMetrics({
    counters,
    push: createPushCounters(),
    gauges: () => ({ channels: 7 }),
    capacity: 20,
  });
  metrics.committed({ rows: 5, took_ms: 3 });
  const { body, type } = await metrics.render();
  expect(type).toStartWith("text/plain");
  for (const line of [
    "damso_connections 3",
    "damso_capacity 20",
    "# TYPE damso_frames_in_total counter",
    "damso_frames_in_total 10",
    'damso_refusals_total{code="not_member"} 2',
    'damso_bounds_total{bound="lagging"} 1',
    'damso_size{of="channels"} 7',
    'damso_commit_seconds_bucket{le="0.005"} 1',
    "damso_commit_rows_sum 5",
    'damso_http_requests_total{status="2xx"} 2',
    'damso_http_requests_total{status="4xx"} 1',
    'damso_http_requests_total{status="5xx"} 1',
    'damso_http_requests_total{status="3xx"} 0',
  ]) {
    expect(body.split("\n")).toContain(line);
  }
  expect(body).toMatch(/^damso_memory_bytes [1-9]/m);
});

test("a node of a cluster tells what happened to its shards, and what the bus dropped", async () => {
  const shards = createShardCounters();
  Object.assign(shards, { retried: 4, fenced: 1, delayed: 2, flushed_rows: 9 });
  shards.ended.lapsed = 3;
  const drops = { lost_items: 5 };
  const metrics = createMetrics({
    counters: createCounters(),
    push: createPushCounters(),
    gauges: () => ({ shards: 2, unflushed_bytes: 100 }),
    capacity: 20,
    cluster: { count: 64, shards, drops: () => drops },
  });
  const { body } = await metrics.render();
  for (const line of [
    "damso_log_retries_total 4",
    "damso_log_fenced_total 1",
    "damso_flush_delays_total 2",
    "damso_flushed_rows_total 9",
    'damso_shards_ended_total{why="lapsed"} 3',
    "damso_cluster_shards 64",
    'damso_bus_drops_total{reason="lost_items"} 5',
    'damso_size{of="unflushed_bytes"} 100',
  ])
    expect(body.split("\n")).toContain(line);
});

test("a size that is not told any more is gone, and does not stay what it was", async () => {
  let sizes: Record<string, number> = { shards: 1, tells: 6000 };
  const metrics = createMetrics({
    counters: createCounters(),
    push: createPushCounters(),
    gauges: () => sizes,
    capacity: 20,
  });
  expect((await metrics.render()).body).toContain('damso_size{of="tells"} 6000');
  sizes = { shards: 0 };
  const { body } = await metrics.render();
  expect(body).toContain('damso_size{of="shards"} 0');
  expect(body).not.toContain('of="tells"');
});

test("asking twice counts nothing twice", async () => {
  const counters = createCounters();
  const metrics = createMetrics({
    counters,
    push: createPushCounters(),
    gauges: () => ({}),
    capacity: 20,
  });
  counters.sends = 4;
  await metrics.render();
  counters.sends = 6;
  expect((await metrics.render()).body).toContain("damso_sends_total 6");
});
