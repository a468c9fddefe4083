/** Words that tie the repository to somebody's machine. */
import type { Finding, Project } from "../project.ts";
import { lineAt } from "../source.ts";

const words: readonly { word: RegExp; instead: string }[] = [
  {
    word: /(?<![\w.~-])\/(work|home\/\w+|Users\/\w+)\//g,
    instead: "a path of one machine; write it relative to the repository",
  },
  { word: /\.\.\/shared\b/g, instead: "outside of the repository; say it here" },
  { word: /registry\.npmjs\.org/g, instead: "say `the npm registry`: which one is npm's setting" },
];

export function findWords(project: Project): Finding[] {
  return project.sources.flatMap(({ path, text }) =>
    words.flatMap(({ word, instead }) =>
      [...text.matchAll(word)].map((found) => ({
        path,
        line: lineAt(text, found.index),
        rule: "words",
        message: `${found[0]}: ${instead}`,
      })),
    ),
  );
}
