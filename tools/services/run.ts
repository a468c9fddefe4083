/** Runs test files that need servers: each server is started once, and ended when the last file has run. */
import type { Failure, Report } from "../test/junit.ts";
import { runTests } from "../test/run.ts";
import { add, none } from "../test/totals.ts";
import type { Kind, Started } from "./catalog.ts";
import { missingFor, provide, startOffer } from "./catalog.ts";
import { needsOf } from "./needs.ts";
import { variableOf } from "./shared.ts";

const MINUTE = 60_000;
/** A test may start three nodes of its own, on a machine that does other things too. */
const TEST_MS = 5 * MINUTE;
const FILE_MS = 15 * MINUTE;

export type ServiceRun = { root: string; files: readonly string[]; output: "inherit" | "ignore" };

/** Why a server is not there: where it cannot be had its tests are skipped, where it does not start they have failed. */
export type Absence = { because: "tools" | "start"; reason: string };

/** Answers for every file: passed and failed tests, or one skipped for a file that cannot run here. */
export async function runServiceTests({ root, files, output }: ServiceRun): Promise<Report> {
  if (files.length === 0) return { totals: none, failures: [] };
  const { started, absent } = await startKinds(new Set(files.flatMap(needsOf)));
  const env = Object.fromEntries(started.map(({ variable, address }) => [variable, address]));
  let report: Report = { totals: none, failures: [] };
  try {
    for (const file of files) {
      console.log(`\n${file}, with ${needsOf(file).join(", ")}`);
      const absence = needsOf(file).flatMap((kind) => absent.get(kind) ?? [])[0];
      const args = [`--timeout=${TEST_MS}`];
      const run = { root, files: [file], args, env, deadlineMs: FILE_MS, output };
      report = join(report, absence ? withoutServer(file, absence) : await runTests(run));
    }
  } finally {
    await Promise.all(started.map((one) => one.stop()));
  }
  return report;
}

function join(a: Report, b: Report): Report {
  return { totals: add(a.totals, b.totals), failures: [...a.failures, ...b.failures] };
}

/** A file that did not run has never passed. */
export function withoutServer(file: string, { because, reason }: Absence): Report {
  console.log(`${because === "tools" ? "skipped" : "FAILED"}: ${reason}`);
  if (because === "tools") return { totals: { ...none, skipped: 1 }, failures: [] };
  const failure: Failure = { file, line: 1, title: "its servers did not start", reason };
  return { totals: { ...none, failed: 1 }, failures: [failure] };
}

type Kinds = { started: Started[]; absent: Map<Kind, Absence> };

/** Built one after the other, because builds take the whole machine; started together, because starts wait. */
async function startKinds(kinds: ReadonlySet<Kind>): Promise<Kinds> {
  const absent = new Map<Kind, Absence>();
  const ready: Kind[] = [];
  for (const kind of kinds) {
    // Somebody has started one for us.
    if (process.env[variableOf(kind)] !== undefined) continue;
    const absence = await provideKind(kind);
    if (absence) absent.set(kind, absence);
    else ready.push(kind);
  }
  const began = performance.now();
  const results = await Promise.allSettled(ready.map(startOffer));
  for (const [at, result] of results.entries()) {
    if (result.status === "fulfilled") continue;
    absent.set(ready[at] as Kind, { because: "start", reason: String(result.reason) });
  }
  const started = results.flatMap((result) =>
    result.status === "fulfilled" ? [result.value] : [],
  );
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`\n${started.length} of ${kinds.size} servers started (${seconds} s)`);
  return { started, absent };
}

async function provideKind(kind: Kind): Promise<Absence | undefined> {
  const missing = await missingFor(kind);
  if (missing !== undefined) return { because: "tools", reason: missing };
  try {
    await provide(kind);
    return undefined;
  } catch (error) {
    // Not to be had here, as without a network: that says nothing about Damso, and shows in the count.
    return { because: "tools", reason: String(error) };
  }
}
