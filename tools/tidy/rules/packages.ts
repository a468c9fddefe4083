/** Every package is argued for, and the lock file can be installed on every system. */
import type { Finding, Project } from "../project.ts";
import { lineAt } from "../source.ts";

type Dependencies = Record<string, string>;
type Manifest = { dependencies?: Dependencies; devDependencies?: Dependencies };
type Lock = { packages: Record<string, { optionalDependencies?: Dependencies }> };

export function findPackages(project: Project): Finding[] {
  const text = (path: string): string =>
    project.sources.find((source) => source.path === path)?.text ?? "";
  const argued = text("docs/dependencies.md");
  const unargued = project.sources
    .filter(({ path }) => /^([^/]+\/)?package\.json$/.test(path))
    .flatMap((source) => findUnargued(source.path, source.text, argued));
  return [...unargued, ...findUnlocked(text("package-lock.json"))];
}

function findUnargued(path: string, text: string, argued: string): Finding[] {
  const manifest: Manifest = JSON.parse(text);
  return Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })
    .filter((name) => !name.startsWith("@damso/") && !argued.includes(`\`${name}\``))
    .map((name) => ({
      path,
      line: lineAt(text, text.indexOf(`"${name}"`)),
      rule: "packages",
      message: `argue for ${name} in docs/dependencies.md, or do without it`,
    }));
}

/** npm leaves out binaries that its registry does not have at that moment, and `npm ci` then fails. */
function findUnlocked(text: string): Finding[] {
  if (text === "") return [];
  const { packages }: Lock = JSON.parse(text);
  return Object.entries(packages).flatMap(([owner, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter(
        (name) =>
          !(`node_modules/${name}` in packages) && !(`${owner}/node_modules/${name}` in packages),
      )
      .map((name) => ({
        path: "package-lock.json",
        line: lineAt(text, text.indexOf(`"${owner}"`)),
        rule: "packages",
        message: `${name} is not locked, so npm ci fails: pin a version of ${owner} that exists for every system`,
      })),
  );
}
