/** What has to be refused once a session was revoked (I17) and once somebody was blocked (I19). */
import type { Book } from "./book.ts";
import type { Door } from "./evidence.ts";
import { counted, finding } from "./finding.ts";
import type { Fault, Finding } from "./finding.ts";

const DEADLINE_MS = 1000;

export function checkRevoked(book: Book): Finding {
  return finding("I17", "logged out is out", (fault) => {
    for (const { device, ms } of book.log_outs) {
      if (!(ms <= DEADLINE_MS)) fault(`${device} was still connected after ${ms} ms`);
    }
    const total = counted(book.log_outs.length, "remote log-outs", fault);
    const times = book.log_outs.map(({ ms }) => `${Math.round(ms)} ms`).join(", ");
    return `${total}, over after ${times}; ${tryDoors(book, "I17", fault)}`;
  });
}

export function checkBlocked(book: Book): Finding {
  return finding("I19", "blocked is blocked", (fault) => tryDoors(book, "I19", fault));
}

/** Every call of this rule, held against the answer that it must have. */
export function tryDoors(book: Book, rule: Door["rule"], fault: Fault): string {
  const doors = book.doors.filter((door) => door.rule === rule);
  for (const { tried, expected, got } of doors) {
    if (!expected.includes(got)) fault(`${tried}: ${got}, not ${expected.join(" or ")}`);
  }
  return `${counted(doors.length, "calls", fault)} answered as they must be`;
}
