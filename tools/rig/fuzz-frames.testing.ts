/** Frames that nobody should send: bytes, broken JSON, valid frames with something wrong, and valid ones among them. */
import fc from "fast-check";
import { FRAME_ARBITRARIES } from "@damso/protocol/frames/arbitrary.testing";
import type { ChannelId, UserId } from "@damso/protocol/ids";
import { LIMITS } from "@damso/protocol/limits";
import { newClientId } from "./random.testing.ts";
import type { Random } from "./random.testing.ts";

export type Fuzzer = {
  random: Random;
  /** Frames that the protocol accepts, hello excepted: it is for the first frame. */
  valid: readonly object[];
  /** Real places, so that some of them get past the first check. */
  channels: readonly ChannelId[];
  users: readonly UserId[];
};

const POOL = 4000;

export function createFuzzer(
  random: Random,
  seed: number,
  channels: readonly ChannelId[],
  users: readonly UserId[],
): Fuzzer {
  const { hello: _hello, ...others } = FRAME_ARBITRARIES;
  const any = fc.oneof(...(Object.values(others) as fc.Arbitrary<object>[]));
  return { random, valid: fc.sample(any, { seed, numRuns: POOL }), channels, users };
}

type Mutation = (fuzzer: Fuzzer) => string | Uint8Array;

/** What one can put in the place of a value: each breaks something that a careless server relies on. */
const ODDITIES: readonly ((random: Random) => string)[] = [
  () => "null",
  () => "true",
  () => "-1",
  () => "0.5",
  () => "-0",
  () => "1e999",
  () => "9007199254740993",
  () => "9".repeat(400),
  () => '""',
  () => '"\\ud800"',
  () => '"\\udc00\\ud800"',
  () => '"a\\u0000b"',
  () => '"__proto__"',
  () => "[]",
  () => "{}",
  () => '{"toString":1,"length":-1}',
  (random) => JSON.stringify("x".repeat(random.int(100, 5000))),
  (random) => `[${"1,".repeat(random.int(1, 500))}1]`,
  (random) => nested(random.int(10, 2000)),
  (random) => JSON.stringify(String(random.int(0, 1e9))),
  () => '"d1.2"',
  () => '"2026-13-45T99:99:99.000Z"',
];

const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);

const MUTATIONS: readonly (readonly [weight: number, mutation: Mutation])[] = [
  [10, ({ random }) => noise(random, random.int(0, 200))],
  [20, (fuzzer) => scribble(fuzzer.random, JSON.stringify(real(fuzzer)))],
  [35, (fuzzer) => odd(fuzzer)],
  [6, (fuzzer) => without(fuzzer)],
  [5, (fuzzer) => JSON.stringify({ ...real(fuzzer), type: fuzzer.random.pick(TYPES) })],
  [4, (fuzzer) => JSON.stringify({ ...real(fuzzer), ...EXTRAS })],
  [2, (fuzzer) => doubled(fuzzer)],
  [0.5, ({ random }) => nested(random.int(1000, 200_000))],
  [1, ({ random }) => random.pick(SHAPES)],
  [0.05, (fuzzer) => tooLong(fuzzer)],
  [0.2, ({ random }) => crypto.getRandomValues(new Uint8Array(random.int(0, 300)))],
  [0.005, () => JSON.stringify({ type: "ping", pad: "x".repeat(LIMITS.frame_bytes_max) })],
  [1, () => JSON.stringify({ type: "hello", id: 1, token: "once more" })],
  [15, (fuzzer) => JSON.stringify(real(fuzzer))],
];
const TOTAL = MUTATIONS.reduce((sum, [weight]) => sum + weight, 0);

const TYPES = [
  "",
  "welcome",
  "sent",
  "constructor",
  "__proto__",
  "SEND",
  "send ",
  "toString",
  "admin",
];
const EXTRAS = {
  later: { version: 2 },
  __proto: 1,
  constructor: null,
  "": "",
  hasOwnProperty: false,
};
const SHAPES = [
  "",
  " ",
  "null",
  "1",
  '"send"',
  "[]",
  "{}",
  "[{}]",
  "{",
  "}",
  "\uFEFF{}",
  "NaN",
  "undefined",
];

/** One thing that a socket gets to hear after its hello. */
export function fuzzFrame(fuzzer: Fuzzer): string | Uint8Array {
  let at = fuzzer.random.next() * TOTAL;
  const [, mutate] = MUTATIONS.find(([weight]) => (at -= weight) <= 0) ?? MUTATIONS[0]!;
  return mutate(fuzzer);
}

/** A valid frame, half of the time about something that exists. */
function real({ random, valid, channels, users }: Fuzzer): Record<string, unknown> {
  const frame = { ...random.pick(valid) } as Record<string, unknown>;
  if (random.chance(0.5) && "channel" in frame) frame["channel"] = random.pick(channels);
  if (random.chance(0.5) && "seq" in frame) frame["seq"] = random.int(1, 50);
  if (random.chance(0.5) && "users" in frame) frame["users"] = [random.pick(users)];
  if (random.chance(0.5) && "client_id" in frame) frame["client_id"] = newClientId();
  if ("id" in frame) frame["id"] = random.int(1, 1_000_000_000);
  return frame;
}

function noise(random: Random, length: number): string {
  return Array.from({ length }, () => String.fromCharCode(random.int(0, 0xd7ff))).join("");
}

/** Characters lost, doubled, or put in. */
export function scribble(random: Random, text: string): string {
  const at = random.int(0, text.length);
  const end = Math.min(text.length, at + random.int(0, 5));
  const start = text.slice(0, at);
  switch (random.int(0, 3)) {
    case 0:
      return start;
    case 1:
      return start + text.slice(end);
    case 2:
      return start + text.slice(at, end) + text.slice(at);
    default:
      return start + random.pick(['"', "\\", "{", "]", ",", "\u0000", "💥", "0"]) + text.slice(end);
  }
}

/** JSON with one value that does not belong there. */
function odd(fuzzer: Fuzzer): string {
  const { random } = fuzzer;
  const frame = real(fuzzer);
  const key = random.pick(Object.keys(frame));
  const others = Object.entries(frame).filter(([name]) => name !== key);
  const fields = others.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  fields.splice(random.int(0, fields.length), 0, `${JSON.stringify(key)}:${oddity(random)}`);
  return `{${fields.join(",")}}`;
}

export function oddity(random: Random): string {
  return random.pick(ODDITIES)(random);
}

function without(fuzzer: Fuzzer): string {
  const frame = real(fuzzer);
  const gone = fuzzer.random.pick(Object.keys(frame));
  return JSON.stringify({ ...frame, [gone]: undefined });
}

/** The same key twice: what counts is that nothing breaks. */
function doubled(fuzzer: Fuzzer): string {
  const text = JSON.stringify(real(fuzzer));
  return `${text.slice(0, -1)},"type":"ping"}`;
}

function tooLong(fuzzer: Fuzzer): string {
  const { random, channels } = fuzzer;
  const body = random.pick(["a", "가", "🙂"]).repeat(100_001);
  const channel = random.pick(channels);
  return JSON.stringify({ type: "send", id: 1, channel, client_id: newClientId(), body });
}
