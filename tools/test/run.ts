import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Report } from "./junit.ts";
import { readReport } from "./junit.ts";

export type Run = {
  /** The folder that the files are relative to. */
  root: string;
  files: readonly string[];
  /** Further arguments of `bun test`. */
  args: readonly string[];
  /** After this the run is ended and everything that has not reported counts as failed. */
  deadlineMs: number;
  /** Variables that the tests see beside those of this process. */
  env?: Record<string, string>;
  /** Where the output of `bun test` goes. */
  output: "inherit" | "ignore";
};

/** Runs `bun test` over some files; what it prints about failures is shown as it comes. */
export async function runTests(run: Run): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), "damso-test-"));
  const outfile = join(folder, "report.xml");
  try {
    const code = await bunTest(run, outfile);
    const xml = await Bun.file(outfile)
      .text()
      .catch(() => "");
    return withExit(readReport(xml, run.files), code, run);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bunTest(run: Run, outfile: string): Promise<number> {
  const reporter = ["--only-failures", "--reporter=junit", `--reporter-outfile=${outfile}`];
  const files = run.files.map((file) => `./${file}`);
  const child = Bun.spawn(
    [process.execPath, "test", "--no-orphans", ...reporter, ...run.args, ...files],
    {
      cwd: run.root,
      env: { ...process.env, ...run.env },
      stdio: ["ignore", run.output, run.output],
      timeout: run.deadlineMs,
      killSignal: "SIGTERM",
    },
  );
  return await child.exited;
}

/** Bun knows of failures that belong to no test, such as an error after the last one of a file. */
function withExit(report: Report, code: number, run: Run): Report {
  if (code === 0 || report.failures.length > 0) return report;
  const failure = {
    file: run.files.length === 1 ? (run.files[0] ?? "") : "bun test",
    line: 1,
    title: "an error outside of any test",
    reason: `bun test ended with code ${code}; its output stands above`,
  };
  return { totals: { ...report.totals, failed: 1 }, failures: [failure] };
}
