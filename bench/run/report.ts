import type { IdleFigures, TrafficFigures } from "../generator/plan.ts";
import { median, medianRatio } from "../measure/statistics.ts";
import { groupSenders, groupWindow, perSecond, type Results, type Rounds } from "./phases.ts";
import { users } from "./sides.ts";

/** What a ratio of ours to the floor's must keep to. */
interface Target {
  readonly sense: "at least" | "at most";
  readonly ratio: number;
}

/** One line of the table: what it reads from the figures of a phase. */
interface Metric<Figures> {
  readonly title: string;
  readonly decimals: number;
  readonly target?: Target;
  read(figures: Figures): number;
}

const rate: Metric<TrafficFigures> = {
  title: "messages/s",
  decimals: 0,
  read: (figures) => figures.messages / figures.seconds,
};
const deliveries: Metric<TrafficFigures> = {
  title: "deliveries/s",
  decimals: 0,
  read: (figures) => figures.deliveries / figures.seconds,
};
const sent50 = milliseconds("send to sent, p50 ms", "sent_p50");
const sent99 = milliseconds("send to sent, p99 ms", "sent_p99");
const fanout50 = milliseconds("send to the last delivery, p50 ms", "fanout_p50");
const fanout99 = milliseconds("send to the last delivery, p99 ms", "fanout_p99");
const cpu: Metric<TrafficFigures> = {
  title: "server CPU µs/message",
  decimals: 1,
  read: (figures) => (figures.server_cpu_seconds / figures.messages) * 1e6,
};
const generatorCpu: Metric<TrafficFigures> = {
  title: "generator CPU µs/message",
  decimals: 1,
  read: (figures) => (figures.generator_cpu_seconds / figures.messages) * 1e6,
};
const generatorShare: Metric<TrafficFigures> = {
  title: "generator, % of one core",
  decimals: 0,
  read: (figures) => (figures.generator_cpu_seconds / figures.seconds) * 100,
};
const resident: Metric<TrafficFigures> = {
  title: "server resident MiB",
  decimals: 0,
  read: (figures) => figures.server_resident_bytes / 2 ** 20,
};
const serverSocket: Metric<IdleFigures> = {
  title: "server KiB each",
  decimals: 1,
  read: (figures) => figures.server_bytes_per_socket / 1024,
};
const kernelSocket: Metric<IdleFigures> = {
  title: "kernel KiB each",
  decimals: 1,
  read: (figures) => figures.kernel_bytes_per_socket / 1024,
};

/** Kernel threads and a shell in the background stay below this share of a core. */
const quietShare = 0.15;

/** The table of a run, one string of lines. */
export function report({ traffic, idle }: Results): string {
  const rateTarget: Target = { sense: "at least", ratio: 0.4 };
  const cpuTarget: Target = { sense: "at most", ratio: 2.5 };
  return [
    line("", "floor", "damso", "ratio", ""),
    ...section(`stop and wait, ${users} users`, traffic.window_1, [rate, sent50, sent99, cpu]),
    ...section(`window 8, ${users} users`, traffic.window_8, [
      { ...rate, target: rateTarget },
      sent50,
      sent99,
      { ...cpu, target: cpuTarget },
      resident,
      generatorCpu,
      generatorShare,
    ]),
    ...section(`fixed ${perSecond}/s`, traffic.fixed_rate, [rate, sent50, sent99, cpu]),
    ...section(`group of 100, ${groupSenders} senders with window ${groupWindow}`, traffic.group, [
      deliveries,
      sent99,
      cpu,
      generatorShare,
    ]),
    ...section("group of 100, one message at a time", traffic.group_single, [
      deliveries,
      sent50,
      sent99,
      fanout50,
      fanout99,
    ]),
    ...section(socketsTitle(idle), idle, [serverSocket, kernelSocket]),
    ...disturbance(Object.values(traffic).flatMap((rounds) => [...rounds.floor, ...rounds.damso])),
  ].join("\n");
}

function milliseconds(
  title: string,
  name: "sent_p50" | "sent_p99" | "fanout_p50" | "fanout_p99",
): Metric<TrafficFigures> {
  return { title, decimals: 2, read: (figures) => figures[name] / 1000 };
}

function socketsTitle(idle: Rounds<IdleFigures>): string {
  const [figures] = [...idle.floor, ...idle.damso];
  return `${figures?.sockets ?? "no"} idle sockets`;
}

function section<Figures>(
  title: string,
  rounds: Rounds<Figures>,
  metrics: readonly Metric<Figures>[],
): string[] {
  if (rounds.floor.length === 0) return [];
  return ["", title, ...metrics.map((metric) => metricLine(metric, rounds))];
}

/** Each side's median, and the median of the ratios of those rounds that both sides completed. */
function metricLine<Figures>(metric: Metric<Figures>, rounds: Rounds<Figures>): string {
  const values = (all: readonly (Figures | undefined)[]): number[] =>
    all.filter((one) => one !== undefined).map((one) => metric.read(one));
  const both = rounds.floor.flatMap((floor, round) => {
    const ours = rounds.damso[round];
    return floor === undefined || ours === undefined ? [] : [{ floor, ours }];
  });
  const ratio = medianRatio(
    both.map(({ ours }) => metric.read(ours)),
    both.map(({ floor }) => metric.read(floor)),
  );
  return line(
    `  ${metric.title}`,
    format(median(values(rounds.floor)), metric.decimals),
    format(median(values(rounds.damso)), metric.decimals),
    format(ratio, 2),
    metric.target ? judge(ratio, metric.target) : "",
  );
}

/** A warning when something else worked while we measured: then only a repetition helps. */
function disturbance(all: readonly (TrafficFigures | undefined)[]): string[] {
  const shares = all.flatMap((one) => (one ? [one.other_cpu_seconds / one.seconds] : []));
  const share = shares.reduce((sum, one) => sum + one, 0) / shares.length;
  if (!(share > quietShare)) return [];
  return [
    "",
    `Other processes used ${share.toFixed(2)} of a core meanwhile: these figures are noisy.`,
  ];
}

function judge(ratio: number, { sense, ratio: wanted }: Target): string {
  if (Number.isNaN(ratio)) return "";
  const kept = sense === "at least" ? ratio >= wanted : ratio <= wanted;
  return `  ${sense} ${wanted}: ${kept ? "ok" : "miss"}`;
}

/** A number for the table, or a dash where nothing was measured. */
function format(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return "-";
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return value.toLocaleString("en-US", digits);
}

function line(title: string, floor: string, ours: string, ratio: string, note: string): string {
  const cells = [floor, ours, ratio].map((cell) => cell.padStart(11));
  return (title.padEnd(38) + cells.join("") + note).trimEnd();
}
