import { expect, test } from "bun:test";
import { countAnswer, createCounters } from "./gateway/counters.ts";
import { createMetrics } from "./metrics.ts";

test("the page holds what was counted, as counters and gauges of the text format", async () => {
  const counters = createCounters();
  counters.connections = 3;
  counters.frames_in = 10;
  counters.refusals.not_member = 2;
  counters.bounds.lagging = 1;
  for (const status of [200, 204, 404, 503]) {
    countAnswer(counters, new Response(null, { status }));
  }
  const metrics = createMetrics({ counters, gauges: () => ({ channels: 7 }) });
  metrics.committed({ rows: 5, took_ms: 3 });
  const { body, type } = await metrics.render();
  expect(type).toStartWith("text/plain");
  for (const line of [
    "damso_connections 3",
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

test("asking twice counts nothing twice", async () => {
  const counters = createCounters();
  const metrics = createMetrics({ counters, gauges: () => ({}) });
  counters.sends = 4;
  await metrics.render();
  counters.sends = 6;
  expect((await metrics.render()).body).toContain("damso_sends_total 6");
});
