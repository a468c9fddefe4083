/**
 * `npm run services -- start [nats|nats3|cassandra|cassandra3|postgres|s3|apns|all …] [--detach]`,
 * `npm run services -- stop`, and `npm run test:cluster [-- part-of-a-path …]`.
 */
import { Glob } from "bun";
import { printReport } from "../test/print.ts";
import { select } from "../test/select.ts";
import { none } from "../test/totals.ts";
import { parse, USAGE } from "./command.ts";
import type { ServiceCommand } from "./command.ts";
import { startDetached, stopDetached, holdDetached } from "./detached.ts";
import { endless, startAll } from "./foreground.ts";
import { runServiceTests } from "./run.ts";

const root = new URL("../..", import.meta.url).pathname;

try {
  process.exitCode = await execute(parse(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function execute(command: ServiceCommand): Promise<0 | 1 | 2> {
  switch (command.name) {
    case "start":
      await endless(await startAll(command.offers));
      return 0;
    case "detach":
      process.stdout.write(await startDetached(command.offers));
      return 0;
    case "detached":
      await holdDetached(command.offers);
      return 0;
    case "stop":
      await stopDetached();
      return 0;
    case "test":
      return await test(command.filters);
    case "mistake":
      console.error(`${command.message}\n${USAGE}`);
      return 2;
  }
}

async function test(filters: readonly string[]): Promise<0 | 1> {
  const files = select(new Glob("**/*.test.ts").scanSync({ cwd: root }), filters).cluster;
  if (files.length > 0)
    return printReport(await runServiceTests({ root, files, output: "inherit" }));
  const reason = filters.length > 0 ? `none matches ${filters.join(", ")}` : "there is none";
  const failure = { file: "tools/services/main.ts", line: 1, title: "no test file", reason };
  return printReport({ totals: { ...none, failed: 1 }, failures: [failure] });
}
