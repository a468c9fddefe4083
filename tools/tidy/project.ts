import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Source } from "./source.ts";
import { toSource } from "./source.ts";

/** The whole repository as text: what the rules look at. */
export type Project = { sources: readonly Source[] };

/** A broken rule, told so that the reader knows what to do instead. */
export type Finding = { path: string; line: number; rule: string; message: string };

export type Rule = (project: Project) => Finding[];

const skipped = new Set([".git", "node_modules", "dist", ".damso", "data", "coverage"]);
/** What Capacitor has made and keeps in step: not ours to name, to measure or to format. */
const generated = new Set(["mobile/android", "mobile/ios", "mobile/www"]);
const textual =
  /(^|[./])(ts|tsx|mjs|json|md|html|css|js|yml|yaml|toml|sh|svg|txt|run|npmrc|gitignore|Dockerfile|LICENSE)$/;

export function readProject(root: string): Project {
  const sources: Source[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (skipped.has(entry.name) || generated.has(path)) continue;
      if (entry.isDirectory()) visit(path);
      else if (textual.test(path)) {
        sources.push(toSource(path, readFileSync(join(root, path), "utf8")));
      }
    }
  };
  visit("");
  return { sources };
}

/** A project made of texts, for tests of rules. */
export function toProject(texts: Record<string, string>): Project {
  return { sources: Object.entries(texts).map(([path, text]) => toSource(path, text)) };
}

export function isScript(path: string): boolean {
  return /\.tsx?$/.test(path);
}

/** Tests, and the fixtures and contracts that only tests run. */
export function isTest(path: string): boolean {
  return /\.(test|testing)\.tsx?$/.test(path) || /^contracts\/|(^|\/)testing\//.test(path);
}
