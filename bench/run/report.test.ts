import { expect, test } from "bun:test";
import type { TrafficFigures } from "../generator/plan.ts";
import type { Results, Rounds } from "./phases.ts";
import { report } from "./report.ts";

function figures(messages: number, server_cpu_seconds: number): TrafficFigures {
  return {
    seconds: 1,
    messages,
    deliveries: 2 * messages,
    sent_p50: 1500,
    sent_p99: 2500,
    fanout_p50: 0,
    fanout_p99: 0,
    server_cpu_seconds,
    generator_cpu_seconds: 0.5,
    other_cpu_seconds: 0.5,
    server_resident_bytes: 2 ** 26,
  };
}

function resultsWith(window_8: Rounds<TrafficFigures>): Results {
  const none = { floor: [], damso: [] };
  const traffic = { window_1: none, window_8, fixed_rate: none, group: none, group_single: none };
  return { traffic, idle: none, problems: [] };
}

function lineOf(results: Results, title: string): string[] {
  const line = report(results)
    .split("\n")
    .find((one) => one.includes(title));
  return line?.trim().split(/\s{2,}/) ?? [];
}

test("each side's median, their ratio, and whether it keeps the target", () => {
  const results = resultsWith({ floor: [figures(1000, 0.1)], damso: [figures(500, 0.2)] });
  expect(lineOf(results, "messages/s").slice(1)).toEqual([
    "1,000",
    "500",
    "0.50",
    "at least 0.4: ok",
  ]);
  const cpu = ["100.0", "400.0", "4.00", "at most 2.5: miss"];
  expect(lineOf(results, "server CPU").slice(1)).toEqual(cpu);
});

test("a round that one side did not complete makes no ratio", () => {
  const results = resultsWith({
    floor: [figures(1000, 0.1), figures(2000, 0.1)],
    damso: [undefined, figures(500, 0.1)],
  });
  expect(lineOf(results, "messages/s").slice(1)).toEqual([
    "1,500",
    "500",
    "0.25",
    "at least 0.4: miss",
  ]);
});

test("a machine that was busy with something else is said to have been", () => {
  const results = resultsWith({ floor: [figures(1000, 0.1)], damso: [] });
  expect(report(results)).toContain("Other processes used 0.50 of a core");
});

test("without the server there are dashes and no verdict", () => {
  const results = resultsWith({ floor: [figures(1000, 0.1)], damso: [] });
  expect(lineOf(results, "messages/s").slice(1)).toEqual(["1,000", "-", "-"]);
});
