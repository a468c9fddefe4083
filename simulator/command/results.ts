/**
 * A sweep that is made in pieces: each leaves a line in a file, and together they are judged as one. Only pieces of one
 * program count together.
 */
import { has, openLines, readLines } from "./lines.ts";
import { addUp } from "./sweep.ts";
import type { Sweep } from "./sweep.ts";

/** `program`: a hash of all code that a run is made of. Its seeds are those from `from` on, without a gap. */
export type Piece = { program: string; from: number; sweep: Sweep };

const RUN = new URL("../run.ts", import.meta.url).pathname;
const HASH_SHOWN = 16;
const TRACE_KEPT = 10;

/** Comments and tests are no part of it, and neither are the planted bugs and this command. */
export async function programHash(): Promise<string> {
  const { outputs } = await Bun.build({ entrypoints: [RUN], target: "bun", minify: true });
  const hasher = new Bun.CryptoHasher("sha256");
  for (const output of outputs) hasher.update(await output.text());
  return hasher.digest("hex").slice(0, HASH_SHOWN);
}

/** Throws when the file has lines that do not belong together; no file has none. */
export async function readPieces(file: string): Promise<Piece[]> {
  const pieces = await readLines(file, isPiece);
  assertOneSweep(pieces);
  return pieces;
}

const isPiece = (line: unknown): line is Piece => has(line, "program", "from", "sweep");

/**
 * Looks before a sweep whether the file will take what comes of it; the answer appends a piece, unless the program has
 * been changed meanwhile.
 */
export async function openResults(
  file: string,
  from: number,
): Promise<(from: number, sweep: Sweep) => Promise<void>> {
  const program = await programHash();
  const { lines, append } = await openLines(file, isPiece);
  assertOneSweep(lines);
  const first = lines[0];
  if (first && first.program !== program)
    throw new Error(`${file} is of the program ${first.program}, and this is ${program}`);
  if (lines.some((piece) => from >= piece.from && from < piece.from + piece.sweep.runs))
    throw new Error(`${file} has seed ${from} already`);
  return async (at, sweep) => {
    if ((await programHash()) !== program)
      throw new Error("the program was changed during the sweep: its results are not kept");
    const red = sweep.red.map((line) => ({ ...line, trace: line.trace.slice(-TRACE_KEPT) }));
    const piece: Piece = { program, from: at, sweep: { ...sweep, red } };
    lines.push(piece);
    assertOneSweep(lines);
    await append(piece);
  };
}

/** Throws on another program, or on a seed that would count twice. */
export function assertOneSweep(pieces: readonly Piece[]): void {
  const programs = [...new Set(pieces.map(({ program }) => program))];
  if (programs.length > 1) throw new Error(`results of several programs: ${programs.join(", ")}`);
  let end = -Infinity;
  for (const { from, sweep } of inOrder(pieces)) {
    if (from < end) throw new Error(`seed ${from} is there twice`);
    end = from + sweep.runs;
  }
}

/** One sweep of them all. */
export function sumOf(pieces: readonly Piece[]): Sweep {
  assertOneSweep(pieces);
  return addUp(inOrder(pieces).map(({ sweep }) => sweep));
}

/** Which seeds they are of: `1 to 500, 601 to 900`. */
export function seedsOf(pieces: readonly Piece[]): string {
  const spans: [from: number, to: number][] = [];
  for (const { from, sweep } of inOrder(pieces)) {
    const last = spans.at(-1);
    if (last && last[1] + 1 === from) last[1] += sweep.runs;
    else spans.push([from, from + sweep.runs - 1]);
  }
  return spans.map(([from, to]) => `${from} to ${to}`).join(", ");
}

const inOrder = (pieces: readonly Piece[]): Piece[] => pieces.toSorted((a, b) => a.from - b.from);
