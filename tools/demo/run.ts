/** A whole demo: the server, the people, the play, the evidence, the checks. */
import { join } from "node:path";
import { checkAll } from "./check/check.ts";
import type { Evidence } from "./check/evidence.ts";
import { amount, print } from "./check/finding.ts";
import type { Finding } from "./check/finding.ts";
import { collect } from "./collect.ts";
import { openHouse } from "./house.ts";
import type { House } from "./house.ts";
import type { Options } from "./options.ts";
import type { Processes } from "./processes.ts";
import { random } from "./random.ts";
import { httpTo } from "./reader/http.ts";
import { enter } from "./scene/enter.ts";
import { play } from "./scene/play.ts";
import { planFor } from "./scene/plan.ts";
import type { Stage } from "./scene/stage.ts";
import { startServer } from "./server.ts";

const ROOT = new URL("../..", import.meta.url).pathname;
const DEADLINE_MS = 5 * 60_000;
const WAITS_SHOWN = 10;
/** Of each warning of the server so much is shown. */
const SAID_LENGTH = 1000;

export type Line = (text: string) => void;

export type Run = {
  options: Options;
  /** An empty folder for the data of the server. Whoever made it removes it. */
  folder: string;
  all: Processes;
  line: Line;
};

/**
 * Runs the demo and prints as it goes; afterwards none of its processes is left.
 * Answers what the checks found; rejects when the play could not be played.
 */
export async function runDemo({ options, folder, all, line }: Run): Promise<Finding[]> {
  const began = performance.now();
  const tell: Line = (text) => line(`${clock(performance.now() - began)}  ${text}`);
  try {
    const houses: House[] = [];
    const work = perform(options, all, folder, tell, houses);
    const evidence = await inTime(work, () => houses.flatMap((house) => house.waits()));
    tell("checking");
    const findings = checkAll(evidence);
    for (const finding of findings) for (const text of print(finding)) line(text);
    tell("done");
    return findings;
  } finally {
    await all.endAll();
  }
}

/** Rejects when it takes so long that it will never end, and says what it waits for. */
async function inTime<T>(work: Promise<T>, waits: () => string[]): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const late = (): void => {
    const open = waits();
    const some = open.slice(0, WAITS_SHOWN).join("; ");
    reject(new Error(`not over after ${DEADLINE_MS / 1000} s; ${open.length} unanswered: ${some}`));
  };
  const timer = setTimeout(late, DEADLINE_MS);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

function clock(ms: number): string {
  return `${(ms / 1000).toFixed(1).padStart(5)} s`;
}

async function perform(
  options: Options,
  all: Processes,
  folder: string,
  tell: Line,
  houses: House[],
): Promise<Evidence> {
  const { seed, people } = options;
  const chance = random(seed);
  const plan = planFor(people, chance);
  const heard: Line = (text) => tell(`the server said: ${text.slice(0, SAID_LENGTH)}`);
  const data = join(folder, "data");
  const server =
    options.server === undefined ? await startServer({ root: ROOT, data, all, heard }) : undefined;
  const url = options.server ?? server?.url ?? "";
  tell(`the server is at ${url}; seed ${seed}`);
  for (let i = 0; i < plan.processes; i++) houses.push(openHouse(ROOT, all));
  const http = httpTo(url);
  const extra = plan.quiet > 0 ? ` and ${amount(plan.quiet)} quiet accounts` : "";
  tell(`${people} people${extra} sign up, with 3 devices each, in ${houses.length} process(es)`);
  const cast = await enter({ server: url, http, seed, plan, houses });
  const stage: Stage = {
    plan,
    seed,
    random: chance,
    http,
    tell,
    houses,
    crash: server?.crash,
    ...cast,
    groups: [],
    doors: [],
    log_outs: [],
    absences: [],
    restless: [],
  };
  await play(stage);
  const evidence = await collect(stage);
  await Promise.all([...houses, ...(server ? [server] : [])].map((part) => part.end()));
  return evidence;
}
