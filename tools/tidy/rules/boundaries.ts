/** Across folders only by package name, and only packages that the folder declares. */
import { importsOf, resolve } from "../imports.ts";
import type { Finding, Project } from "../project.ts";
import { isScript } from "../project.ts";
import type { Source } from "../source.ts";

type Manifest = { dependencies?: Record<string, string>; devDependencies?: Record<string, string> };

const builtIn = /^(node|bun):|^bun$/;

export function findBoundaries(project: Project): Finding[] {
  const declared = new Map(
    project.sources
      .filter(({ path }) => /^([^/]+\/)?package\.json$/.test(path))
      .map(({ path, text }) => [folderOf(path), packagesOf(text)]),
  );
  return project.sources
    .filter(({ path }) => isScript(path) && declared.has(folderOf(path)))
    .flatMap((source) => findIn(source, declared));
}

function findIn(source: Source, declared: Map<string, Set<string>>): Finding[] {
  const folder = folderOf(source.path);
  return importsOf(source).flatMap(({ specifier, line }) => {
    const finding = (message: string): Finding[] => [
      { path: source.path, line, rule: "boundaries", message },
    ];
    const target = resolve(specifier, source.path);
    if (specifier.startsWith(".")) {
      if (target && folderOf(target) === folder) return [];
      return finding(`write @damso/${folderOf(target ?? "")}/… when you leave the folder`);
    }
    const name = packageOf(specifier);
    if (builtIn.test(specifier) || name === `@damso/${folder}`) return [];
    if (declared.get(folder)?.has(name) || declared.get("")?.has(name)) return [];
    // Tests reach across the workspaces, which npm has linked side by side.
    if (/\.(test|testing)\.tsx?$/.test(source.path) && name.startsWith("@damso/")) return [];
    return finding(`add ${name} to ${folder}/package.json, or do without it`);
  });
}

function folderOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : "";
}

function packageOf(specifier: string): string {
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? "");
}

function packagesOf(manifestText: string): Set<string> {
  const manifest: Manifest = JSON.parse(manifestText);
  return new Set(Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }));
}
