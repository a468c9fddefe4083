/**
 * Everything that a server should not be sent, at one live server, while two people chat through it.
 * `DAMSO_FUZZ_INPUTS` and `DAMSO_FUZZ_SEED` choose how much and which.
 */
import { afterAll, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { CODES, isErrorCode } from "@damso/protocol/codes";
import { EPHEMERAL, REPLIES } from "@damso/protocol/frames/server";
import { EVENTS } from "@damso/protocol/frames/events";
import { directChannel } from "@damso/protocol/ids";
import { createFuzzer, fuzzFrame } from "../rig/fuzz-frames.testing.ts";
import type { Fuzzer } from "../rig/fuzz-frames.testing.ts";
import { fuzzRequest } from "../rig/fuzz-http.testing.ts";
import { succeed } from "../rig/http.testing.ts";
import { createGroup, logIn, signUpPool } from "../rig/people.testing.ts";
import type { Session } from "../rig/people.testing.ts";
import { countOf, createRandom, newClientId, seedOf } from "../rig/random.testing.ts";
import { createRawHttp } from "../rig/raw-http.testing.ts";
import type { RawAnswer } from "../rig/raw-http.testing.ts";
import { endRig, startServer } from "../rig/server.ts";
import type { RigServer } from "../rig/server.ts";
import { Closed, connect, openSocket } from "../rig/socket.testing.ts";
import type { Frame, RigSocket } from "../rig/socket.testing.ts";
import { readHistory } from "../rig/truth.testing.ts";
import { within } from "../rig/until.ts";
import { encode, OPCODE, openWire } from "../rig/wire.testing.ts";

afterAll(endRig);

const HOUR = 3_600_000;
const BATCH = 40;
const MEGABYTE = 1024 * 1024;

type Run = {
  server: RigServer;
  fuzzer: Fuzzer;
  faults: string[];
  /** Inputs of each kind so far. */
  counts: Map<string, number>;
  codes: Map<string, number>;
};

function fault(run: Run, text: string): void {
  if (run.faults.length < 50) run.faults.push(text.slice(0, 600));
}

function count(table: Map<string, number>, key: string, by = 1): void {
  table.set(key, (table.get(key) ?? 0) + by);
}

type Standard = {
  "~standard": { validate(value: unknown): { issues?: unknown } | Promise<unknown> };
};
const SCHEMAS = { ...EVENTS, ...EPHEMERAL, ...REPLIES } as unknown as Record<string, Standard>;

/** Whatever comes back has one of the documented shapes, and a refusal one of the documented codes. */
function checkFrame(run: Run, frame: Frame): void {
  const schema = Object.hasOwn(SCHEMAS, frame.type) ? SCHEMAS[frame.type] : undefined;
  const result = schema?.["~standard"].validate(frame) as { issues?: unknown } | undefined;
  if (!result || result.issues) fault(run, `[P10] undocumented frame ${JSON.stringify(frame)}`);
  if (frame.type === "error") count(run.codes, String(frame["code"]));
}

/** The ids that have to be answered once each: those of objects whose `id` is an integer. Rule P10. */
function idOf(data: string | Uint8Array): number | undefined {
  if (typeof data !== "string") return undefined;
  try {
    const { id } = (JSON.parse(data) ?? {}) as { id?: unknown };
    return Number.isSafeInteger(id) ? (id as number) : undefined;
  } catch {
    return undefined;
  }
}

/** Frames after a good hello, in batches; a new socket whenever the server has had enough of one. */
async function fuzzSockets(run: Run, session: Session, inputs: number): Promise<void> {
  let left = inputs;
  while (left > 0) {
    const { socket } = await connect(run.server.origin, session.access_token);
    while (socket.isOpen() && left > 0) {
      left -= BATCH;
      await fuzzBatch(run, socket);
    }
    if (socket.isOpen()) await socket.close();
    else {
      const { code } = await socket.closed;
      // Binary, fifty broken ones in a row, or more than fits.
      if (code !== 4003 && code !== 1009) fault(run, `[P12] a fuzzed socket closed with ${code}`);
    }
  }
}

async function fuzzBatch(run: Run, socket: RigSocket): Promise<void> {
  const batch = Array.from({ length: BATCH }, () => fuzzFrame(run.fuzzer));
  const owed = new Map<number, number>();
  for (const data of batch) {
    const id = idOf(data);
    if (id !== undefined) owed.set(id, (owed.get(id) ?? 0) + 1);
  }
  // Answers come in any order; this one comes too.
  const fence = -run.fuzzer.random.int(1, 1_000_000_000);
  owed.set(fence, 1);
  const answered = Promise.withResolvers<void>();
  socket.listen((frame) => {
    checkFrame(run, frame);
    if (frame.id === undefined) return;
    const rest = (owed.get(frame.id) ?? 0) - 1;
    if (rest < 0) fault(run, `[P10] an answer that nobody asked for: ${JSON.stringify(frame)}`);
    if (rest <= 0) owed.delete(frame.id);
    else owed.set(frame.id, rest);
    if (owed.size === 0) answered.resolve();
  });
  for (const data of batch) socket.send(data);
  socket.send(JSON.stringify({ type: "ping", id: fence }));
  count(run.counts, "frames", BATCH);
  const end = Promise.race([answered.promise, socket.closed]);
  await within(
    end,
    15_000,
    () => `replies ${[...owed.keys()].join()} to ${batch.join("\n")}`,
  ).catch((error: unknown) => fault(run, `[P10] ${String(error)}`));
}

/** First frames that are no hello, or a bad one. */
async function fuzzHellos(run: Run, inputs: number): Promise<void> {
  const { fuzzer } = run;
  for (let at = 0; at < inputs; at++) {
    const socket = await openSocket(run.server.origin);
    socket.listen((frame) => checkFrame(run, frame));
    const data = fuzzer.random.chance(0.5)
      ? fuzzFrame(fuzzer)
      : JSON.stringify({ type: "hello", id: 1, token: fuzzer.random.pick(BAD_TOKENS) });
    socket.send(data);
    count(run.counts, "hellos");
    const { code } = await within(socket.closed, 10_000, () => "a bad hello to be turned away");
    const wanted = typeof data !== "string" ? 4003 : data.length > MEGABYTE ? 1009 : 4002;
    if (code !== wanted) fault(run, `[P15] ${String(data).slice(0, 100)} closed with ${code}`);
  }
}

const BAD_TOKENS = [
  "",
  "x",
  "a.b.c",
  "eyJhbGciOiJub25lIn0.e30.",
  "ÿ",
  "\ud83d",
  "t".repeat(3000),
  7,
  null,
  [],
];

/** Bytes below the protocol: broken frames of RFC 6455. They end the connection, or wait for their rest. */
async function fuzzWires(run: Run, inputs: number): Promise<void> {
  const { random } = run.fuzzer;
  const text = Buffer.from('{"type":"ping"}');
  const kinds: (() => Uint8Array)[] = [
    () => encode(3 + random.int(0, 4), text),
    () => encode(OPCODE.text, Buffer.from([0xff, 0xfe, 0xed, 0xa0, 0x80])),
    () => encode(OPCODE.continuation, text),
    () => encode(OPCODE.ping, Buffer.alloc(200)),
    () => Buffer.concat([encode(OPCODE.text, text, false), encode(OPCODE.text, text)]),
    () => encode(OPCODE.close, Buffer.from([0x00, 0x01])),
    () => Buffer.from([0x81, 0x05, 0x68, 0x65, 0x6c, 0x6c, 0x6f]),
    () => Buffer.from([0xf1, 0x80, 0, 0, 0, 0]),
    () => Buffer.from([0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
    () => encode(OPCODE.text, text).subarray(0, 9),
    () => crypto.getRandomValues(new Uint8Array(random.int(1, 500))),
  ];
  for (let at = 0; at < inputs; at++) {
    const wire = await openWire(run.server.port);
    await wire.write(random.pick(kinds)());
    count(run.counts, "broken wires");
    const code = await Promise.race([wire.gone, Bun.sleep(20)]);
    if (code !== undefined && (code < 1000 || code > 4003))
      fault(run, `[P12] a wire ended with ${code}`);
    wire.end();
  }
}

async function fuzzHttp(run: Run, session: Session, inputs: number): Promise<void> {
  const http = createRawHttp(run.server.port);
  for (let at = 0; at < inputs; at++) {
    const { bytes, isHttp } = fuzzRequest(run.fuzzer, session.access_token);
    const answer = await http.ask(bytes);
    count(run.counts, isHttp ? "requests" : "broken requests");
    const start = Buffer.from(bytes).toString("latin1", 0, 300);
    const reason = isHttp ? badAnswer(run, answer) : badStatus(answer);
    if (reason !== undefined) fault(run, `[P18] ${reason} to ${JSON.stringify(start)}`);
  }
  http.end();
}

/** A request that is no HTTP is refused or cut off. */
function badStatus(answer: RawAnswer | undefined): string | undefined {
  return answer && answer.status >= 500 && answer.status !== 505
    ? `status ${answer.status}`
    : undefined;
}

/** What is wrong with an answer, if anything: a refusal is a problem document with the status of its code. */
function badAnswer(run: Run, answer: RawAnswer | undefined): string | undefined {
  if (!answer) return "the connection was closed";
  const { status, headers, body } = answer;
  if (status < 400) {
    count(run.codes, "ok");
    return undefined;
  }
  const text = `${status} ${body.slice(0, 200)}`;
  if (headers.get("content-type") !== "application/problem+json") return `no problem: ${text}`;
  const { code } = JSON.parse(body) as { code: string };
  if (!isErrorCode(code)) return `undocumented code: ${text}`;
  count(run.codes, code);
  const fits = CODES[code].status === status || (code === "invalid" && [405, 426].includes(status));
  return fits ? undefined : `status and code differ: ${text}`;
}

type Chat = { over: boolean; sent: number; received: number; latencies: number[] };

/** Two people who do nothing wrong: each message of one has to reach the other, in order and in time. */
async function chat(run: Run, pair: [Session, Session], talk: Chat): Promise<void> {
  const [ann, ben] = pair;
  const { origin } = run.server;
  const speaker = (await connect(origin, ann.access_token)).socket;
  const listener = (await connect(origin, ben.access_token)).socket;
  const channel = directChannel(ann.user_id, ben.user_id);
  let arrived = Promise.withResolvers<void>();
  listener.listen((frame) => {
    const { message } = frame as { message?: { body: string; channel: string } };
    // He may have been added to a group of theirs.
    if (frame.type !== "message" || message?.channel !== channel) return;
    if (message.body !== String(talk.received))
      fault(run, `[I6] ${message.body} after ${talk.received}`);
    talk.received++;
    arrived.resolve();
  });
  while (!talk.over) {
    const since = performance.now();
    arrived = Promise.withResolvers();
    const body = String(talk.sent);
    const reply = await speaker.request({ type: "send", channel, client_id: newClientId(), body });
    if (reply.type !== "sent") fault(run, `a good send was refused: ${JSON.stringify(reply)}`);
    talk.sent++;
    await within(arrived.promise, 10_000, () => `message ${body} to arrive`);
    talk.latencies.push(performance.now() - since);
    await Bun.sleep(10);
  }
  await Promise.all([speaker.close(), listener.close()]);
}

function rssOf(pid: number): number {
  if (!existsSync(`/proc/${pid}/statm`)) {
    const { stdout } = Bun.spawnSync(["ps", "-o", "rss=", "-p", String(pid)]);
    return Number(stdout.toString()) / 1024;
  }
  const pages = Number(readFileSync(`/proc/${pid}/statm`, "latin1").split(" ")[1]);
  return (pages * 4096) / MEGABYTE;
}

/** Megabytes in use, looked at twice a second until `over`. */
async function watchMemory(run: Run, over: () => boolean): Promise<number[]> {
  const samples: number[] = [];
  while (!over()) {
    samples.push(rssOf(run.server.pid));
    await Bun.sleep(500);
  }
  return samples;
}

/** What the server says of itself that it should not have to. */
function complaints(server: RigServer): string[] {
  return server
    .output()
    .split("\n")
    .filter((line) => line !== "" && !line.includes("Damso is ready"))
    .filter((line) => !line.startsWith("{") || line.includes('"level":"error"'));
}

test(
  "[P10][P11][P18][I20] 100,000 malformed frames and requests: documented answers only, and a good pair chats on",
  async () => {
    const seed = seedOf("DAMSO_FUZZ_SEED");
    const inputs = countOf("DAMSO_FUZZ_INPUTS", 100_000);
    const random = createRandom(seed);
    const server = await startServer({ flags: { "log-level": "warn" } });
    const { origin } = server;
    const pair = (await signUpPool(origin, 2, "good")) as [Session, Session];
    const bad = await signUpPool(origin, 3, "bad");
    const devices = [...bad, ...(await Promise.all(bad.map((one) => logIn(origin, one))))];
    const [first, second] = bad as [Session, Session];
    const channels = [
      directChannel(first.user_id, second.user_id),
      directChannel(first.user_id, pair[0].user_id),
      await createGroup(origin, bad),
    ];
    const users = [...bad, ...pair].map(({ user_id }) => user_id);
    const fuzzer = createFuzzer(random, seed, channels, users);
    const run: Run = { server, fuzzer, faults: [], counts: new Map(), codes: new Map() };

    const talk: Chat = { over: false, sent: 0, received: 0, latencies: [] };
    const chatting = chat(run, pair, talk);
    const memory = watchMemory(run, () => talk.over);
    const share = (part: number): number => Math.ceil(inputs * part);
    await Promise.all([
      ...devices.slice(0, 4).map((one) => fuzzSockets(run, one, share(0.21))),
      ...devices.slice(4).map((one) => fuzzHttp(run, one, share(0.07))),
      fuzzHellos(run, share(0.02)),
      fuzzWires(run, share(0.01)),
    ]).catch((error: unknown) => {
      if (!(error instanceof Closed)) throw error;
      fault(run, `a connection was refused: ${error.message}; ${server.output()}`);
    });
    talk.over = true;
    await chatting;

    for (const path of ["/healthz", "/readyz"]) await succeed(origin, "GET", path);
    const history = await readHistory(
      origin,
      pair[1],
      directChannel(pair[0].user_id, pair[1].user_id),
    );
    expect(history.map(({ body }) => body)).toEqual(
      Array.from({ length: talk.sent }, (_, at) => String(at)),
    );
    expect(talk.received).toBe(talk.sent);
    expect(talk.sent).toBeGreaterThan(100);
    const samples = await memory;
    const early = Math.max(...samples.slice(0, Math.ceil(samples.length / 4)));
    expect(Math.max(...samples)).toBeLessThan(2 * early + 150);
    const made = [...run.counts.values()].reduce((sum, one) => sum + one, 0);
    expect(made).toBeGreaterThanOrEqual(inputs);
    expect({ seed, faults: run.faults, complaints: complaints(server) }).toEqual({
      seed,
      faults: [],
      complaints: [],
    });
    expect(await server.stop()).toEqual({ code: 0, signal: null });
    const slowest = Math.max(...talk.latencies).toFixed(0);
    console.log(
      `${made} inputs (${[...run.counts].map(([kind, n]) => `${n} ${kind}`).join(", ")}), seed ${seed}; ` +
        `${talk.sent} good messages, slowest ${slowest} ms; ${early.toFixed(0)} to ${samples.at(-1)?.toFixed(0)} MB; ` +
        `answers ${[...run.codes].map(([code, n]) => `${code} ${n}`).join(", ")}`,
    );
  },
  HOUR,
);
