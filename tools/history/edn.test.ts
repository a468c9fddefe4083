import { expect, test } from "bun:test";
import { readEdn } from "./edn.ts";
import { toEdn } from "./export.ts";
import { parseHistory } from "./parse.ts";

test("EDN is read as Jepsen writes it: tags, keywords, nil, commas, comments", () => {
  const text = `; a history
    #jepsen.history.Op{:index 0, :time 5, :type :invoke, :process 3, :f :txn, :value [[:r 8 nil] [:append :y 2]]}
    {:index 1, :time 6, :type :info, :process :nemesis, :f :kill, :value ("n1")}
    {:index 2, :time 9, :type :ok, :process 3, :f :txn, :value [[:r 8 [1 -2]] [:append :y 2]]}`;
  expect(parseHistory(text)).toEqual([
    {
      type: "invoke",
      client: "3",
      time_ns: 5,
      micros: [
        { op: "read", list: "8", elements: undefined },
        { op: "append", list: "y", element: 2 },
      ],
    },
    {
      type: "ok",
      client: "3",
      time_ns: 9,
      micros: [
        { op: "read", list: "8", elements: [1, -2] },
        { op: "append", list: "y", element: 2 },
      ],
    },
  ]);
});

test("a history is written as Elle reads it, and no process goes on after :info", () => {
  const append = { op: "append", list: "g1", element: 4 } as const;
  const read = { op: "read", list: "g1", elements: [4] } as const;
  const text = toEdn([
    { type: "invoke", client: "ann", time_ns: 10, micros: [append] },
    { type: "info", client: "ann", time_ns: 20, micros: [append] },
    { type: "invoke", client: "ann", time_ns: 30, micros: [read] },
    { type: "ok", client: "ann", time_ns: 40, micros: [read] },
  ]);
  expect(text.trimEnd().split("\n")).toEqual([
    '{:index 0, :time 10, :type :invoke, :process 0, :f :txn, :value [[:append "g1" 4]]}',
    '{:index 1, :time 20, :type :info, :process 0, :f :txn, :value [[:append "g1" 4]]}',
    '{:index 2, :time 30, :type :invoke, :process 1, :f :txn, :value [[:r "g1" nil]]}',
    '{:index 3, :time 40, :type :ok, :process 1, :f :txn, :value [[:r "g1" [4]]]}',
  ]);
});

test("what is no EDN is refused with its place", () => {
  expect(() => readEdn("[1 2")).toThrow("what opens at 0 does not end");
  expect(() => readEdn("1 }")).toThrow("nothing to read at 2");
});
