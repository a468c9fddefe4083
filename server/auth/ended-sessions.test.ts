import { expect, test } from "bun:test";
import { createBus } from "@damso/adapters/inprocess/bus";
import type { SessionId } from "@damso/protocol/ids";
import { onEnded, tellEnded } from "./ended-sessions.ts";

const ids = Array.from({ length: 100 }, (_, at) => String(1_000_000_000_000_000_000n + BigInt(at)));

test("[X5][I20] sessions that ended are told to all, in words of a bounded length", () => {
  const bus = createBus();
  const words: (readonly SessionId[])[] = [];
  const stop = onEnded(bus, (ended) => words.push(ended));
  tellEnded(bus, ids as SessionId[]);
  expect(words.map(({ length }) => length)).toEqual([64, 36]);
  expect(words.flat()).toEqual(ids as SessionId[]);
  stop();
  tellEnded(bus, ids as SessionId[]);
  expect(words).toHaveLength(2);
});

test("[X5] a word that is none is passed over", () => {
  const bus = createBus();
  const heard: SessionId[] = [];
  onEnded(bus, (ended) => void heard.push(...ended));
  const frames = ["", "{}", "null", '["1"]', "[7]", JSON.stringify([...ids, ...ids])];
  for (const frame of frames) bus.publish("ended_sessions", { frame });
  expect(heard).toEqual([]);
});
