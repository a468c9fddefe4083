import type { IdleFigures, LoadPlan, Outcome, TrafficFigures } from "../generator/plan.ts";
import type { Options } from "../options.ts";
import { runIdle, runLoad, type Side, type SideName } from "./sides.ts";

/** The traffic phases of a round, in this order. */
export const phaseNames = ["window_1", "window_8", "fixed_rate", "group", "group_single"] as const;
export type PhaseName = (typeof phaseNames)[number];

export const perSecond = 500;
export const groupSenders = 16;
export const groupWindow = 4;

/** Figures of one phase by round; a round that was incomplete is `undefined`. */
export type Rounds<Figures> = Record<SideName, (Figures | undefined)[]>;

/** Everything a run has measured, and every reason not to believe it. */
export interface Results {
  readonly traffic: Record<PhaseName, Rounds<TrafficFigures>>;
  readonly idle: Rounds<IdleFigures>;
  readonly problems: string[];
}

/** Runs all rounds, one side right after the other in every phase, and then the idle sockets. */
export async function measureAll(
  sides: readonly Side[],
  options: Options,
  progress: (line: string) => void,
): Promise<Results> {
  const results = emptyResults();
  for (let round = 0; round < options.rounds; round += 1) {
    for (const phase of phaseNames) {
      // Every other round begins with the other side: coming second may help or hurt.
      for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
        const where = `round ${round + 1} of ${options.rounds}, ${phase}, ${side.name}`;
        const outcome = await runLoad(side, loadOf(phase, side.group, options));
        const figures = outcome.kind === "traffic" ? outcome.figures : undefined;
        results.traffic[phase][side.name].push(complete(outcome) ? figures : undefined);
        note(results, where, outcome);
        progress(`${where}: ${summary(figures)}`);
      }
    }
  }
  if (options.sockets > 0) await measureIdle(sides, options, progress, results);
  return results;
}

async function measureIdle(
  sides: readonly Side[],
  options: Options,
  progress: (line: string) => void,
  results: Results,
): Promise<void> {
  for (const side of sides) {
    const where = `${options.sockets} idle sockets, ${side.name}`;
    progress(where);
    const outcome = await runIdle(side, options.sockets, options.settle_seconds);
    const figures = outcome.kind === "idle" && complete(outcome) ? outcome.figures : undefined;
    results.idle[side.name].push(figures);
    note(results, where, outcome);
  }
}

function complete({ problems }: Outcome): boolean {
  return problems.length === 0;
}

function note(results: Results, where: string, { problems }: Outcome): void {
  for (const problem of problems) results.problems.push(`${where}: ${problem}`);
}

/** The figures of one round at a glance: a trend over the rounds shows here and in no median. */
function summary(figures: TrafficFigures | undefined): string {
  if (!figures) return "failed";
  const rate = Math.round(figures.messages / figures.seconds);
  const cpu = Math.round((figures.server_cpu_seconds / figures.messages) * 1e6);
  return `${rate} messages/s, p99 ${(figures.sent_p99 / 1000).toFixed(1)} ms, ${cpu} µs/message`;
}

function loadOf(phase: PhaseName, channel: string, options: Options): LoadPlan {
  const times = { warmup_seconds: options.warmup_seconds, seconds: options.seconds };
  switch (phase) {
    case "window_1":
      return { kind: "closed", window: 1, ...times };
    case "window_8":
      return { kind: "closed", window: 8, ...times };
    case "fixed_rate":
      return { kind: "open", per_second: perSecond, ...times };
    case "group":
      return { kind: "group", channel, senders: groupSenders, window: groupWindow, ...times };
    case "group_single":
      return { kind: "single", channel, ...times };
  }
}

function emptyResults(): Results {
  const rounds = (): Rounds<TrafficFigures> => ({ floor: [], damso: [] });
  return {
    traffic: {
      window_1: rounds(),
      window_8: rounds(),
      fixed_rate: rounds(),
      group: rounds(),
      group_single: rounds(),
    },
    idle: { floor: [], damso: [] },
    problems: [],
  };
}
