/** What a server warns of: what injected faults explain, and what is a bug of ours. */
import type { FaultKind, Plan } from "./plan.ts";

const ENGINES: readonly FaultKind[] = [
  "log trouble",
  "table trouble",
  "table away",
  "discovery away",
  "partition",
  "one-way cut",
  "slow network",
  "server freeze",
];
const STORES: readonly FaultKind[] = [
  ...ENGINES,
  "failing sync",
  "full disk",
  "unreadable disk",
  "accounts away",
  "lossy bus",
  "lossy network",
  "server crash",
  "server drain",
  "server clock",
];

type Excuse = { text: RegExp; of: readonly FaultKind[] };

/** Each text, and the faults of which one must have acted by then for it to be no bug. */
const EXCUSES: readonly Excuse[] = [
  { text: /EIO/, of: ["failing sync", "unreadable disk"] },
  { text: /ENOSPC/, of: ["full disk"] },
  { text: /the accounts store is unavailable/, of: ["accounts away"] },
  { text: /the table is unavailable/, of: ["table away", "table trouble"] },
  { text: /timed out|no answer/, of: ENGINES },
  { text: /an earlier commit failed|the store failed while/, of: STORES },
  { text: /fenced|has another owner|is not this node|is closed/, of: STORES },
  { text: /cannot be read: (busy|unavailable)/, of: STORES },
];

/** Of an error, and of what caused it. */
export function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  return `${message} ${cause instanceof Error ? String(cause) : ""}`;
}

/** True when a fault that has acted, or the push service of this plan, says the same. */
export function isExpected(
  { push_refusals }: Pick<Plan, "push_refusals">,
  acted: Readonly<Record<string, number>>,
  text: string,
): boolean {
  if (push_refusals > 0 && text.startsWith("no push service")) return true;
  return EXCUSES.some(
    ({ text: one, of }) => one.test(text) && of.some((kind) => (acted[kind] ?? 0) > 0),
  );
}
