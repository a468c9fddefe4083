import { expect, test } from "bun:test";
import { problemsOf, type Counters } from "./completeness.ts";

function client(channel: string, acknowledged: number, received: number, unanswered = 0): Counters {
  return { user_id: "1", channel, frames: 1 + acknowledged + unanswered, acknowledged, received };
}

test("a pair that acknowledged and received the same is complete", () => {
  expect(problemsOf([client("a", 3, 5), client("a", 2, 5)])).toEqual([]);
});

test("an unanswered send is a problem", () => {
  expect(problemsOf([client("a", 1, 1, 1), client("a", 0, 1)])).toEqual(["1 sends have no answer"]);
});

test("a message that one socket lacks is a problem though another has one too many", () => {
  const problems = problemsOf([client("a", 2, 3), client("a", 0, 1)]);
  expect(problems).toEqual(["4 of 4 deliveries came, 2 sockets differ"]);
});

test("channels are counted apart", () => {
  expect(problemsOf([client("a", 1, 1), client("b", 2, 1)])).toEqual([
    "2 of 3 deliveries came, 1 sockets differ",
  ]);
});
