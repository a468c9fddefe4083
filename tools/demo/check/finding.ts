/** What a check says: what it looked at, and every breach with its evidence. */
export type Finding = {
  /** An id of spec/invariants.md. */
  rule: string;
  title: string;
  counted: string;
  faults: readonly string[];
};

export type Fault = (text: string) => void;

/** Runs one check. `look` answers what it counted and calls `fault` for each breach. */
export function finding(rule: string, title: string, look: (fault: Fault) => string): Finding {
  const faults: string[] = [];
  const counted = look((text) => faults.push(text));
  return { rule, title, counted, faults };
}

/** A count in words. A check that found nothing to look at has checked nothing: that is a fault. */
export function counted(count: number, what: string, fault: Fault): string {
  if (count === 0) fault(`nothing to check: there are no ${what}`);
  return `${amount(count)} ${what}`;
}

/** `3,412`. */
export function amount(count: number): string {
  return count.toLocaleString("en-US");
}

const SHOWN = 5;

/** The lines to print: one, and below it the first breaches. */
export function print({ rule, title, counted, faults }: Finding): string[] {
  const head = `${faults.length === 0 ? "ok  " : "FAIL"} ${rule} ${title}: ${counted}`;
  const shown = faults.slice(0, SHOWN).map((text) => `       ${text}`);
  const rest = faults.length - shown.length;
  return rest > 0 ? [head, ...shown, `       and ${amount(rest)} more`] : [head, ...shown];
}
