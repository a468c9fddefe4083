/**
 * Dead files: code that nothing which runs can reach. A test keeps only fixtures and contracts
 * alive, never the code under test; otherwise a part nobody uses would live for ever on its tests.
 */
import { importsOf, join, resolve } from "../imports.ts";
import type { Finding, Project } from "../project.ts";
import { isScript, isTest } from "../project.ts";
import type { Source } from "../source.ts";

const entry =
  /^[^/]+\/index\.tsx?$|(^|\/)main\.tsx?$|^(bench|tools|examples)\/[^/]+\.ts$|^web\/[^/]+\.tsx?$/;

/** Files named in a string: workers, child processes, the script of a page. */
const named = /["'`]([^"'`\n]+\.(?:ts|tsx|mjs))["'`]/g;

export function findDead(project: Project): Finding[] {
  const byPath = new Map(project.sources.map((source) => [source.path, source]));
  const isRunnable = ({ path }: Source): boolean =>
    path.endsWith(".html") || (isScript(path) && !isTest(path) && isEntry(path, byPath));
  const running = reach(project.sources.filter(isRunnable), byPath);
  const tested = reach(
    project.sources.filter(({ path }) => running.has(path) || isTestFile(path)),
    byPath,
  );
  return project.sources
    .filter(({ path }) => isScript(path) && !isTestFile(path) && !path.endsWith(".d.ts"))
    .filter(({ path }) => !(isTest(path) ? tested : running).has(path))
    .map(({ path }) => ({ path, line: 1, rule: "dead", message: advice(path) }));
}

function advice(path: string): string {
  return isTest(path)
    ? "no test imports this file; use it or delete it"
    : "no entry point reaches this file; use it or delete it with its test";
}

function isTestFile(path: string): boolean {
  return /\.test\.tsx?$/.test(path);
}

/** By its place, or because its package publishes it under a name of its own. */
function isEntry(path: string, byPath: Map<string, Source>): boolean {
  if (entry.test(path)) return true;
  const folder = path.slice(0, path.indexOf("/"));
  const manifest = byPath.get(`${folder}/package.json`)?.text ?? "";
  return manifest.includes(`"./${path.slice(folder.length + 1)}"`);
}

function reach(from: readonly Source[], byPath: Map<string, Source>): Set<string> {
  const seen = new Set(from.map(({ path }) => path));
  const open = [...from];
  for (let source = open.pop(); source; source = open.pop()) {
    for (const target of targets(source)) {
      const next = byPath.get(target);
      if (!next || seen.has(target)) continue;
      seen.add(target);
      open.push(next);
    }
  }
  return seen;
}

function targets(source: Source): string[] {
  const imported = importsOf(source).flatMap(({ specifier }) => {
    const target = resolve(specifier, source.path);
    return target === undefined ? [] : [target, `${target}x`, target.replace(/\.ts$/, "/index.ts")];
  });
  const strings = [...source.bare.matchAll(named)].flatMap(([, path = ""]) => [
    path,
    join(source.path, path),
  ]);
  return [...imported, ...strings];
}
