/** What happened in a run, as a hash of all of it and the last facts as text. */

export type Trace = {
  /** An event of this label at this moment. */
  event(label: string, at: number): void;
  /** A fact, kept as text for a while. */
  note(fact: string, at: number): void;
  /** What one program told another: kept as text only where somebody wants to read it. */
  overhear(from: string, to: string, text: string, at: number): void;
  hash(): string;
  /** The last facts, oldest first. */
  facts(): string[];
};

const KEPT = 400;
const VERBOSE_KEPT = 200_000;
/** How much of an overheard text is kept. */
const OVERHEARD_MAX = 160;

export function createTrace(verbose: boolean): Trace {
  const keep = verbose ? VERBOSE_KEPT : KEPT;
  const labels = new Map<string, number>();
  const kept: [at: number, fact: string][] = [];
  let low = 0x811c9dc5;
  let high = 0x9e3779b9;

  function mix(number: number): void {
    low = Math.imul(low ^ number, 0x01000193);
    high = Math.imul(high ^ number, 0x5bd1e995) ^ (low >>> 15);
  }

  /** With its length, so that two texts are not the same as another two. */
  function mixText(text: string): void {
    mix(text.length);
    for (let i = 0; i < text.length; i++) mix(text.charCodeAt(i));
  }

  /** Labels are few and events are many: each is spelled into the trace once, and is a number from then on. */
  function numberOf(label: string): number {
    const known = labels.get(label);
    if (known !== undefined) return known;
    mixText(label);
    labels.set(label, labels.size + 1);
    return labels.size;
  }

  function note(fact: string, at: number): void {
    mixText(fact);
    kept.push([at, fact]);
    if (kept.length > 2 * keep) kept.splice(0, keep);
  }

  const hex = (number: number): string => (number >>> 0).toString(16).padStart(8, "0");

  return {
    event(label, at) {
      mix(numberOf(label));
      mix(Math.round(at * 1000));
    },
    note,
    overhear(from, to, text, at) {
      if (verbose) note(`${from} > ${to} ${text.slice(0, OVERHEARD_MAX)}`, at);
      else for (const part of [from, to, text]) mixText(part);
    },
    hash: () => hex(high) + hex(low),
    facts: () => kept.slice(-keep).map(([at, fact]) => `${at.toFixed(2).padStart(10)} ${fact}`),
  };
}
