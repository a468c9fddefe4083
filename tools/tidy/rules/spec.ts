/** Every rule of spec/ stands in the title of a test, and every rule in a title stands in spec/. */
import type { Finding, Project } from "../project.ts";
import { isTest } from "../project.ts";
import type { Source } from "../source.ts";
import { lineAt } from "../source.ts";

type Place = { id: string; path: string; line: number };
type Definition = Place & { exempt: boolean };

const definition = /^\s*(?:[-*]\s+)?\*\*\[([A-Z]\d+)\]\*\*/;
/** Some invariants need a machine that is not built yet: many nodes, faults, a simulated clock. */
const later = /checked by the [a-z ,/]*later/i;
/** A title: a string that opens with one or more rules, `[I4]`, `[D3][D5]`, `[I1, I4]`. */
const title = /["'`]((?:\[[A-Z]\d+(?:\s*,\s*[A-Z]\d+)*\]\s*)+)/g;
const ruleId = /[A-Z]\d+/g;

export function findSpec(project: Project): Finding[] {
  const defined = project.sources
    .filter(({ path }) => /^spec\/[^/]+\.md$/.test(path))
    .flatMap(({ path, text }) => definitions(path, text));
  const used = project.sources.filter(({ path }) => isTest(path)).flatMap(titles);
  return [...untested(defined, used), ...undefinedIds(defined, used), ...twice(defined)];
}

function definitions(path: string, text: string): Definition[] {
  const found: Definition[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const id = definition.exec(line)?.[1];
    if (id !== undefined) found.push({ id, path, line: index + 1, exempt: false });
    const last = found.at(-1);
    if (last && later.test(line)) last.exempt = true;
  }
  return found;
}

function titles({ path, bare, code }: Source): Place[] {
  return (
    [...bare.matchAll(title)]
      // A quote that `code` has blanked stands inside another string: code that a test writes.
      .filter((found) => code[found.index] === bare[found.index])
      .flatMap((found) => {
        const line = lineAt(bare, found.index);
        return [...(found[1] ?? "").matchAll(ruleId)].map(([id]) => ({ id, path, line }));
      })
  );
}

function untested(defined: readonly Definition[], used: readonly Place[]): Finding[] {
  const ids = new Set(used.map(({ id }) => id));
  return defined
    .filter(({ id, exempt }) => !exempt && !ids.has(id))
    .map(({ id, path, line }) => ({
      path,
      line,
      rule: "spec",
      message: `no test title begins with [${id}]: write one, or say "checked by the simulator, later"`,
    }));
}

function undefinedIds(defined: readonly Definition[], used: readonly Place[]): Finding[] {
  const ids = new Set(defined.map(({ id }) => id));
  return used
    .filter(({ id }) => !ids.has(id))
    .map(({ id, path, line }) => ({
      path,
      line,
      rule: "spec",
      message: `[${id}] is no rule of spec/: write the rule down, or name the right one`,
    }));
}

function twice(defined: readonly Definition[]): Finding[] {
  return defined
    .filter((place, index) => defined.findIndex(({ id }) => id === place.id) !== index)
    .map(({ id, path, line }) => ({
      path,
      line,
      rule: "spec",
      message: `[${id}] is defined twice; a rule keeps its number for ever, take the next free one`,
    }));
}
