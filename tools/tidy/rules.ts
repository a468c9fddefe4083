import type { Finding, Project, Rule } from "./project.ts";
import { findBans } from "./rules/bans.ts";
import { findBoundaries } from "./rules/boundaries.ts";
import { findDead } from "./rules/dead.ts";
import { findDirections } from "./rules/directions.ts";
import { findLinks } from "./rules/links.ts";
import { findPackages } from "./rules/packages.ts";
import { findShape } from "./rules/shape.ts";
import { findSpec } from "./rules/spec.ts";
import { findWords } from "./rules/words.ts";

const rules: readonly Rule[] = [
  findDirections,
  findBoundaries,
  findBans,
  findDead,
  findShape,
  findSpec,
  findWords,
  findPackages,
  findLinks,
];

/** What is wrong in the project, sorted by place. */
export function findAll(project: Project): Finding[] {
  return rules
    .flatMap((rule) => rule(project))
    .toSorted((a, b) => a.path.localeCompare(b.path) || a.line - b.line);
}
