import { join } from "node:path";
import type { Outcome, Plan } from "../generator/plan.ts";
import { adopt } from "./children.ts";

const generator = join(import.meta.dir, "../generator/main.ts");

/** Runs one plan in a generator process of its own. A generator that fails is a problem. */
export async function generate(plan: Plan): Promise<Outcome> {
  const child = adopt(
    Bun.spawn([process.execPath, generator], {
      stdin: Buffer.from(JSON.stringify(plan)),
      stdout: "pipe",
      stderr: "pipe",
    }),
  );
  const [line, complaint] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  if ((await child.exited) !== 0)
    return { kind: "failed", problems: [`the generator failed: ${complaint}`] };
  return JSON.parse(line) as Outcome;
}
