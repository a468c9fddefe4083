/** All checks over the evidence of a run, in the order of their numbers. */
import { book } from "./book.ts";
import type { Book } from "./book.ts";
import { checkBodies } from "./bodies.ts";
import { checkNewest } from "./changes.ts";
import { checkSameState } from "./devices.ts";
import { checkBlocked, checkRevoked } from "./doors.ts";
import type { Evidence } from "./evidence.ts";
import { checkFeedRows } from "./feeds.ts";
import type { Finding } from "./finding.ts";
import { checkDense, checkOneOrder } from "./order.ts";
import { checkCommitted, checkMembersOnly } from "./seen.ts";
import { checkCause, checkKept, checkOnce, checkRefusals, checkSenderOrder } from "./sends.ts";
import { checkSyncs } from "./syncs.ts";
import { checkUnread } from "./unread.ts";

const CHECKS: readonly ((book: Book) => Finding)[] = [
  checkKept,
  checkSameState,
  checkCommitted,
  checkOnce,
  checkSenderOrder,
  checkOneOrder,
  checkDense,
  checkCause,
  checkMembersOnly,
  checkFeedRows,
  checkBodies,
  checkSyncs,
  checkUnread,
  checkNewest,
  checkRevoked,
  checkBlocked,
  checkRefusals,
];

export function checkAll(evidence: Evidence): Finding[] {
  const all = book(evidence);
  return CHECKS.map((check) => check(all));
}
