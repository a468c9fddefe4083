/** Each kind of bad history is named; good ones are not. */
import { expect, test } from "bun:test";
import { checkHistory } from "./check.ts";
import { toEdn } from "./export.ts";
import type { HistoryEvent, Micro, Outcome } from "./history.ts";
import { parseHistory } from "./parse.ts";

const a = (element: number, list = "x"): Micro => ({ op: "append", list, element });
const r = (elements: number[], list = "x"): Micro => ({ op: "read", list, elements });

type Step = [client: string, type: "invoke" | Outcome, ...micros: Micro[]];

function history(...steps: Step[]): HistoryEvent[] {
  return steps.map(([client, type, ...micros], at) => ({
    type,
    client,
    time_ns: at * 1000,
    micros,
  }));
}

/** One after the other, each ended before the next begins. */
function inTurn(...all: Micro[][]): HistoryEvent[] {
  return history(
    ...all.flatMap((micros, at): Step[] => [
      [`p${at}`, "invoke", ...micros],
      [`p${at}`, "ok", ...micros],
    ]),
  );
}

/** All under way at the same time. */
function atOnce(...all: Micro[][]): HistoryEvent[] {
  return history(
    ...all.map((micros, at): Step => [`p${at}`, "invoke", ...micros]),
    ...all.map((micros, at): Step => [`p${at}`, "ok", ...micros]),
  );
}

/** The same must be found after a trip through EDN. */
function namesOf(events: HistoryEvent[]): string[] {
  const names = (verdict: { anomalies: { name: string }[] }): string[] =>
    verdict.anomalies.map(({ name }) => name);
  const found = names(checkHistory(events));
  expect(names(checkHistory(parseHistory(toEdn(events))))).toEqual(found);
  return found;
}

const GOOD: [title: string, events: HistoryEvent[]][] = [
  ["an empty one", []],
  ["appends and reads in turn", inTurn([a(1)], [r([1])], [a(2)], [r([1, 2])])],
  ["reads beside an append that see it or not", atOnce([a(1)], [r([])], [r([1])])],
  [
    "an append whose end nobody saw, and that is there",
    history(
      ["p", "invoke", a(1)],
      ["p", "info", a(1)],
      ["q", "invoke", r([])],
      ["q", "ok", r([1])],
    ),
  ],
  [
    "an append whose end nobody saw, and that is not there",
    history(["p", "invoke", a(1)], ["p", "info", a(1)], ["q", "invoke", r([])], ["q", "ok", r([])]),
  ],
  [
    "an append that failed, and is not there",
    history(["p", "invoke", a(1)], ["p", "fail", a(1)], ["q", "invoke", r([])], ["q", "ok", r([])]),
  ],
  [
    "a transaction over two lists",
    inTurn([a(1), a(1, "y")], [r([1]), r([1], "y"), a(2), r([1, 2])]),
  ],
];

for (const [title, events] of GOOD) {
  test(`[I1][I6] nothing is found in ${title}`, () => {
    expect(namesOf(events)).toEqual([]);
  });
}

const BAD: [ids: string, name: string, events: HistoryEvent[]][] = [
  ["I1", "lost-append", inTurn([a(1)], [a(2)], [r([2])])],
  ["I1", "stale-read", inTurn([a(1)], [a(2)], [r([1])], [r([1, 2])])],
  ["I6", "stale-read", inTurn([a(1)], [r([1])], [r([])])],
  ["I4", "duplicate-elements", inTurn([a(1)], [r([1, 1])])],
  ["I4", "duplicate-append", inTurn([a(1)], [a(1)])],
  ["I6", "incompatible-order", atOnce([a(1)], [a(2)], [r([1, 2])], [r([2, 1])])],
  ["I3", "phantom", inTurn([r([7])])],
  [
    "I22",
    "G1a",
    history(
      ["p", "invoke", a(1)],
      ["p", "fail", a(1)],
      ["q", "invoke", r([])],
      ["q", "ok", r([1])],
    ),
  ],
  ["I3", "G1b", atOnce([a(1), a(2)], [r([1])], [r([1, 2])])],
  ["I3", "internal", inTurn([a(1), r([])])],
  ["I6", "G0", atOnce([a(1), a(1, "y")], [a(2), a(2, "y")], [r([1, 2])], [r([2, 1], "y")])],
  ["I8", "G1c", atOnce([a(1), r([1], "y")], [a(1, "y"), r([1])])],
  ["I8", "G-single", atOnce([a(1), a(1, "y")], [r([1]), r([], "y")], [r([1], "y")])],
  ["I8", "G2", atOnce([r([]), a(1, "y")], [r([], "y"), a(1)], [r([1]), r([1], "y")])],
  [
    "I5",
    "G0-realtime",
    history(
      ["p", "invoke", a(1)],
      ["p", "ok", a(1)],
      ["p", "invoke", a(2)],
      ["p", "ok", a(2)],
      ["q", "invoke", r([])],
      ["q", "ok", r([2, 1])],
    ),
  ],
  [
    "I8",
    "G1c-realtime",
    history(["p", "invoke", r([])], ["p", "ok", r([1])], ["q", "invoke", a(1)], ["q", "ok", a(1)]),
  ],
  ["I1", "G-single-realtime", inTurn([a(1)], [r([])], [r([1])])],
];

for (const [id, name, events] of BAD) {
  test(`[${id}] ${name} is found`, () => {
    expect(namesOf(events)).toContain(name);
  });
}

test("[I6] a long history is judged without a deep stack", () => {
  const appends = Array.from({ length: 20_000 }, (_, at) => [a(at)]);
  const all = appends.map(([one]) => (one?.op === "append" ? one.element : 0));
  expect(checkHistory(inTurn(...appends, [r(all)])).anomalies).toEqual([]);
  const swapped = [1, 0, ...all.slice(2)];
  expect(checkHistory(inTurn(...appends, [r(swapped)])).anomalies.map(({ name }) => name)).toEqual([
    "G0-realtime",
  ]);
});
