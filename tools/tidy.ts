/** `bun tools/tidy.ts`: the house rules, one line per breach. */
import { readProject } from "./tidy/project.ts";
import { findAll } from "./tidy/rules.ts";

const findings = findAll(readProject(new URL("..", import.meta.url).pathname));

for (const { path, line, rule, message } of findings) {
  console.log(`${path}:${line}  ${rule}: ${message}`);
}
process.exitCode = findings.length === 0 ? 0 : 1;
