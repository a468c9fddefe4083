/**
 * Across folders only by package name, and only packages that the folder declares: `dependencies` for
 * what is shipped, also `devDependencies`, the folder's and the root's, for tests and tools.
 */
import { importsOf, resolve } from "../imports.ts";
import type { Finding, Project } from "../project.ts";
import { isScript, isTest } from "../project.ts";
import type { Source } from "../source.ts";

type Manifest = { dependencies?: Record<string, string>; devDependencies?: Record<string, string> };

const builtIn = /^(node|bun):|^bun$/;
const unshipped = /^(bench|tools|examples|simulator)\/|^web\/build\.ts$/;

export function findBoundaries(project: Project): Finding[] {
  const manifests = new Map(
    project.sources
      .filter(({ path }) => /^([^/]+\/)?package\.json$/.test(path))
      .map(({ path, text }): [string, Manifest] => [folderOf(path), JSON.parse(text)]),
  );
  return project.sources
    .filter(({ path }) => isScript(path) && manifests.has(folderOf(path)))
    .flatMap((source) => findIn(source, packagesFor(source.path, manifests)));
}

function findIn(source: Source, declared: Set<string>): Finding[] {
  const folder = folderOf(source.path);
  return importsOf(source).flatMap(({ specifier, line }) => {
    const message = breach(source.path, specifier, declared);
    if (message === undefined) return [];
    return [{ path: source.path, line, rule: "boundaries", message: message(folder) }];
  });
}

/** What is wrong with an import, if anything, told about the folder that it stands in. */
function breach(
  path: string,
  specifier: string,
  declared: Set<string>,
): ((folder: string) => string) | undefined {
  if (specifier.startsWith(".")) {
    const target = folderOf(resolve(specifier, path) ?? "");
    // spec/ is no package: its vectors are read as files, by programs in any language.
    if (target === folderOf(path) || target === "spec") return undefined;
    return () => `write @damso/${target}/… when you leave the folder`;
  }
  const name = packageOf(specifier);
  if (builtIn.test(specifier) || declared.has(name)) return undefined;
  // Tests reach across the workspaces, which npm has linked side by side.
  if (isTest(path) && name.startsWith("@damso/")) return undefined;
  return (folder) => `add ${name} to the dependencies of ${folder}/package.json, or do without it`;
}

function packagesFor(path: string, manifests: Map<string, Manifest>): Set<string> {
  const folder = folderOf(path);
  const own = manifests.get(folder);
  const names = new Set([`@damso/${folder}`, ...Object.keys(own?.dependencies ?? {})]);
  if (!isTest(path) && !unshipped.test(path)) return names;
  const further = [own?.devDependencies ?? {}, manifests.get("")?.devDependencies ?? {}];
  return new Set([...names, ...further.flatMap(Object.keys)]);
}

function folderOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : "";
}

function packageOf(specifier: string): string {
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? "");
}
