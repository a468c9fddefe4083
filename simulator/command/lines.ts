/** Files with a line of JSON for each thing that is kept. */
import { appendFile } from "node:fs/promises";

export type IsOne<T> = (line: unknown) => line is T;

/** What stands in the file; no file has nothing. Throws on a file of something else. */
export async function readLines<T>(file: string, isOne: IsOne<T>): Promise<T[]> {
  const kept = Bun.file(file);
  const lines = (await kept.exists()) ? (await kept.text()).split("\n") : [];
  // A last line without its end was being written when its writer ended.
  const torn = lines.pop() ?? "";
  if (!/^($|\{)/.test(torn)) throw new Error(`${file}: not what this command keeps`);
  return lines.map((line, at) => {
    const value = parse(line);
    if (!isOne(value)) throw new Error(`${file}, line ${at + 1}: not what this command keeps`);
    return value;
  });
}

/** What stands in the file, and a way to append to it. Rejects where nothing can be written. */
export async function openLines<T extends object>(
  file: string,
  isOne: IsOne<T>,
): Promise<{ lines: T[]; append: (line: T) => Promise<void> }> {
  const lines = await readLines(file, isOne);
  await appendFile(file, "");
  await Bun.write(file, lines.map(toLine).join(""));
  return { lines, append: (line) => appendFile(file, toLine(line)) };
}

const toLine = (line: object): string => `${JSON.stringify(line)}\n`;

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** An object with these fields. */
export function has<K extends string>(value: unknown, ...names: K[]): value is Record<K, unknown> {
  return typeof value === "object" && value !== null && names.every((name) => name in value);
}
