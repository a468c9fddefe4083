import { expect, test } from "bun:test";
import type { TopicFrame } from "../ports/bus.ts";
import { onMoved, tellOwned } from "./moved.ts";
import type { Owned } from "./moved.ts";

test("[D20] a shard has moved when its tenure is another one; what is no such word is passed over", () => {
  const listeners = new Set<(frame: TopicFrame) => void>();
  const heard: Owned[] = [];
  const subscribe = (_topic: string, listener: (frame: TopicFrame) => void): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const end = onMoved({ subscribe }, (owned) => heard.push(owned));
  const publish = (_topic: string, frame: TopicFrame): void => {
    for (const listener of listeners) listener(frame);
  };
  const say = (shard: number, tenure: string): void =>
    tellOwned({ publish }, { shard, shards: 8, tenure });
  for (const tenure of ["a/1", "a/1", "b/1", "b/1", "a/2"]) say(3, tenure);
  say(4, "a/1");
  expect(heard.map(({ shard, tenure }) => `${shard} ${tenure}`)).toEqual([
    "3 a/1",
    "3 b/1",
    "3 a/2",
    "4 a/1",
  ]);
  const whole = { shard: 1, shards: 8, tenure: "c/1" };
  const wrong = [
    { ...whole, shard: -1 },
    { ...whole, shard: 8 },
    { ...whole, shard: 0.5 },
    { ...whole, shards: 5000 },
    { ...whole, tenure: 1 },
    { shard: 1, shards: 8 },
    null,
    [],
    3,
  ];
  for (const frame of ["", "{", ...wrong.map((one) => JSON.stringify(one))]) publish("", { frame });
  expect(heard).toHaveLength(4);
  end();
  say(3, "d/1");
  expect(heard).toHaveLength(4);
});
