/**
 * The load generator: reads one `Plan` (JSON) from its standard input, runs it, and prints one
 * `Outcome` (a line of JSON). A process of its own, so that its work is never counted as the
 * server's and one phase leaves nothing behind for the next.
 */
import type { Outcome, Plan } from "./plan.ts";
import { runIdle } from "./run_idle.ts";
import { runTraffic } from "./run_traffic.ts";

const plan = (await Bun.stdin.json()) as Plan;
console.log(JSON.stringify(await run(plan)));
process.exit(0);

function run({ load }: Plan): Promise<Outcome> {
  return load.kind === "idle" ? runIdle(plan, load.settle_seconds) : runTraffic(plan, load);
}
