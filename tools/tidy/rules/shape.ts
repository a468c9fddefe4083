/** How long a file may be and what it may be called. */
import type { Finding, Project } from "../project.ts";
import type { Source } from "../source.ts";

const linesMax = 400;
const code = /\.(ts|tsx|mjs|css)$/;
const vague = /(^|[-_.])(utils?|helpers?|managers?|common|misc)([-_.]|$)/i;

export function findShape(project: Project): Finding[] {
  return project.sources.filter(({ path }) => code.test(path)).flatMap(findIn);
}

function findIn({ path, text }: Source): Finding[] {
  const findings: Finding[] = [];
  const lines = text.split("\n");
  const explained = lines.slice(0, 10).some((line) => line.includes("Long because "));
  if (lines.length > linesMax + 1 && !explained) {
    const message = `more than ${linesMax} lines: split it, or begin with // Long because …`;
    findings.push({ path, line: linesMax + 1, rule: "shape", message });
  }
  const name = path.split("/").find((part) => vague.test(part));
  if (name !== undefined) {
    const message = `${name}: name it after what it holds or does`;
    findings.push({ path, line: 1, rule: "shape", message });
  }
  return findings;
}
