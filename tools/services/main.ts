/**
 * `npm run services -- start [nats|nats3|cassandra|cassandra3|postgres|s3|all …] [--detach]`,
 * `npm run services -- stop`, and `npm run test:cluster [-- part-of-a-path …]`.
 */
import { Glob } from "bun";
import { printReport } from "../test/print.ts";
import { select } from "../test/select.ts";
import { none } from "../test/totals.ts";
import { parse, USAGE } from "./command.ts";
import { startDetached, stopDetached, holdDetached } from "./detached.ts";
import { endless, startAll } from "./foreground.ts";
import { runServiceTests } from "./run.ts";

const root = new URL("../..", import.meta.url).pathname;
const command = parse(process.argv.slice(2));

switch (command.name) {
  case "start":
    await endless(await startAll(command.offers));
    break;
  case "detach":
    process.stdout.write(await startDetached(command.offers));
    break;
  case "detached":
    await holdDetached(command.offers);
    break;
  case "stop":
    await stopDetached();
    break;
  case "test":
    process.exitCode = await test(command.filters);
    break;
  case "mistake":
    console.error(`${command.message}\n${USAGE}`);
    process.exitCode = 2;
}

async function test(filters: readonly string[]): Promise<0 | 1> {
  const files = select(new Glob("**/*.test.ts").scanSync({ cwd: root }), filters).cluster;
  if (files.length > 0)
    return printReport(await runServiceTests({ root, files, output: "inherit" }));
  const reason = filters.length > 0 ? `none matches ${filters.join(", ")}` : "there is none";
  const failure = { file: "tools/services/main.ts", line: 1, title: "no test file", reason };
  return printReport({ totals: { ...none, failed: 1 }, failures: [failure] });
}
