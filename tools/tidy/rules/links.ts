/** Links between documents, and the paths that ARCHITECTURE.md names, lead somewhere. */
import { join } from "../imports.ts";
import type { Finding, Project } from "../project.ts";
import { lineAt } from "../source.ts";

const link = /\]\((?!https?:|mailto:|#)([^)#\s]+)/g;
const named = /`((?:[\w.-]+\/)+[\w.*-]*)`/g;

export function findLinks(project: Project): Finding[] {
  const paths = project.sources.map(({ path }) => path);
  const exists = (path: string): boolean => {
    const folder = path.endsWith("/") ? path : `${path}/`;
    return paths.some((each) => each === path || each.startsWith(folder));
  };
  return project.sources
    .filter(({ path }) => path.endsWith(".md"))
    .flatMap(({ path, text }) => {
      const links = [...text.matchAll(link)].map((found) => ({
        at: found.index,
        target: join(path, found[1] ?? ""),
      }));
      const names = path === "ARCHITECTURE.md" ? [...text.matchAll(named)] : [];
      const places = names.map((found) => ({ at: found.index, target: found[1] ?? "" }));
      return [...links, ...places]
        .filter(({ target }) => !exists(target))
        .map(({ at, target }) => ({
          path,
          line: lineAt(text, at),
          rule: "links",
          message: `${target} does not exist: correct the path, or leave it out until it does`,
        }));
    });
}
