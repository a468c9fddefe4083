import type { Source } from "./source.ts";
import { lineAt } from "./source.ts";

/** One import or re-export, as written. */
export type Import = { specifier: string; typesOnly: boolean; line: number };

const statements = [
  /\bimport\s+(type\s+)?(?:[^"'`;()]*?\sfrom\s*)?["']([^"'\n]+)["']/g,
  /\bexport\s+(type\s+)?(?:\*(?:\s+as\s+\w+)?|\{[^}]*\})\s*from\s*["']([^"'\n]+)["']/g,
  /\bimport\s*(\s)?\(\s*["'`]([^"'`\n]+)["'`]/g,
];

export function importsOf(source: Source): Import[] {
  return statements.flatMap((pattern) =>
    [...source.bare.matchAll(pattern)]
      // A keyword that `code` has blanked stood inside a string.
      .filter((found) => /^(import|export)/.test(source.code.slice(found.index)))
      .map((found) => ({
        specifier: found[2] ?? "",
        typesOnly: (found[1] ?? "").startsWith("type"),
        line: lineAt(source.text, found.index),
      })),
  );
}

/**
 * The repository path that an import of ours leads to, undefined for a package from outside.
 * `@damso/core/ports/store` is `core/ports/store.ts`, `@damso/core` is `core/index.ts`.
 */
export function resolve(specifier: string, from: string): string | undefined {
  const ours = /^@damso\/([^/]+)(?:\/(.+))?$/.exec(specifier);
  if (ours) return `${ours[1]}/${ours[2] ?? "index"}.ts`;
  return specifier.startsWith(".") ? join(from, specifier) : undefined;
}

/** A relative path seen from a file, without `.` and `..`. */
export function join(from: string, relative: string): string {
  const parts = from.split("/").slice(0, -1);
  for (const part of relative.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}
