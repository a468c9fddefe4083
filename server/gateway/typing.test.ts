import { expect, test } from "bun:test";
import type { ChannelId } from "@damso/protocol/ids";
import { TYPING_CHANNELS_MAX } from "./bounds.ts";
import { ANN, BEN, DIRECT, GROUP } from "./scene.testing.ts";
import { createTypingLimit } from "./typing.ts";

const channelOf = (n: number): ChannelId =>
  `g${1_000_000_000_000_000_100n + BigInt(n)}` as ChannelId;

function scene() {
  const clock = { time: 1_000_000, now: () => clock.time };
  return { clock, limit: createTypingLimit(clock) };
}

test("[R7] the first word of a user in a channel is told, the next one after three seconds", () => {
  const { clock, limit } = scene();
  expect([limit.take(ANN, DIRECT), limit.take(ANN, DIRECT)]).toEqual([true, false]);
  expect([limit.take(BEN, DIRECT), limit.take(ANN, GROUP)]).toEqual([true, true]);
  clock.time += 1000;
  expect(limit.take(ANN, DIRECT)).toBe(false);
  clock.time += 2000;
  expect([limit.take(ANN, DIRECT), limit.take(ANN, DIRECT)]).toEqual([true, false]);
});

test("[R7] going round many channels does not let more through", () => {
  const { clock, limit } = scene();
  let told = 0;
  for (let n = 0; n < 1000; n++) if (limit.take(ANN, channelOf(n % 50))) told++;
  expect(told).toBe(TYPING_CHANNELS_MAX);
  clock.time += 3000;
  expect(limit.take(ANN, channelOf(49))).toBe(true);
});

test("[I20] a sweep forgets who is silent and nobody else; a clock that stepped back silences nobody for long", () => {
  const { clock, limit } = scene();
  limit.take(ANN, DIRECT);
  clock.time += 2000;
  limit.take(BEN, DIRECT);
  clock.time += 1000;
  limit.sweep();
  expect([limit.take(ANN, DIRECT), limit.take(BEN, DIRECT)]).toEqual([true, false]);
  clock.time -= 3_600_000;
  expect([limit.take(ANN, DIRECT), limit.take(BEN, DIRECT)]).toEqual([true, true]);
});
