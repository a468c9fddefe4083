/** Sockets that stop reading: what becomes of them, and that nobody else notices. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { directChannel } from "@damso/protocol/ids";
import type { ChannelId } from "@damso/protocol/ids";
import { logIn, signUpPool } from "../rig/people.testing.ts";
import type { Session } from "../rig/people.testing.ts";
import { newClientId } from "../rig/random.testing.ts";
import { endRig, startServer } from "../rig/server.ts";
import type { RigServer } from "../rig/server.ts";
import { connect } from "../rig/socket.testing.ts";
import type { Frame, RigSocket } from "../rig/socket.testing.ts";
import { until, within } from "../rig/until.ts";
import { OPCODE, openWire } from "../rig/wire.testing.ts";
import type { Wire } from "../rig/wire.testing.ts";

let server: RigServer;
let ann: Session;
let ben: Session;
let cho: Session;
let channel: ChannelId;

beforeAll(async () => {
  server = await startServer();
  [ann, ben, cho] = (await signUpPool(server.origin, 3)) as [Session, Session, Session];
  channel = directChannel(ann.user_id, ben.user_id);
}, 30_000);
afterAll(endRig);

const SECOND = 1000;
/** More than both kernels and the server's own limits hold of a socket that does not read. */
const FLOOD = 6000;
const BODY = "x".repeat(4000);

type Reader = { wire: Wire; frames: Frame[] };

/** A device on a bare connection, past its hello. */
async function read(session: Session): Promise<Reader> {
  const wire = await openWire(server.port);
  const frames: Frame[] = [];
  wire.listen(({ opcode, payload }) => {
    if (opcode === OPCODE.text) frames.push(JSON.parse(payload.toString()) as Frame);
  });
  await wire.text(JSON.stringify({ type: "hello", id: 1, token: session.access_token }));
  await until(() => frames[0]?.type === "welcome", "welcome");
  return { wire, frames };
}

async function flood(socket: RigSocket, count: number): Promise<void> {
  let sent = 0;
  const lane = async (): Promise<void> => {
    while (sent++ < count) {
      const frame = { type: "send", channel, client_id: newClientId(), body: BODY };
      expect((await socket.request(frame)).type).toBe("sent");
    }
  };
  await Promise.all(Array.from({ length: 32 }, lane));
}

/** Times one other pair's messages until `over`; answers the slowest, in ms. */
async function chatBeside(over: () => boolean): Promise<number> {
  const { socket } = await connect(server.origin, cho.access_token);
  const notes = directChannel(cho.user_id, cho.user_id);
  let slowest = 0;
  while (!over()) {
    const since = performance.now();
    const frame = { type: "send", channel: notes, client_id: newClientId(), body: "beside" };
    expect((await socket.request(frame)).type).toBe("sent");
    slowest = Math.max(slowest, performance.now() - since);
    await Bun.sleep(5);
  }
  await socket.close();
  return slowest;
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${server.origin}/metrics`)).text();
  const line = text.split("\n").find((one) => one.startsWith(`${name} `));
  if (line === undefined) throw new Error(`no ${name} in ${text.slice(0, 2000)}`);
  return Number(line.slice(name.length));
}

const positions = (frames: readonly Frame[]): number[] =>
  frames
    .filter(({ type, pos }) => type !== "head" && pos !== undefined)
    .map(({ pos }) => Number(pos));

test("[D18][I20][I12] a socket that does not read gets one head when it does again, and all the rest by sync", async () => {
  const slow = await read(ben);
  const other = await connect(server.origin, (await logIn(server.origin, ben)).access_token);
  const { feed } = slow.frames[0] as Frame & { feed: { id: string; head: number } };
  slow.wire.pause();
  const writer = (await connect(server.origin, ann.access_token)).socket;
  let over = false;
  const beside = chatBeside(() => over);
  await flood(writer, FLOOD);
  over = true;
  expect(await beside).toBeLessThan(2 * SECOND);

  const heard = (): number => other.socket.unasked.filter(({ type }) => type === "message").length;
  await until(() => heard() === FLOOD, "the device that reads to have all");
  slow.wire.resume();
  await until(() => slow.frames.some(({ type }) => type === "head"), "a head");
  const head = slow.frames.at(-1);
  const target = Math.max(...positions(other.socket.unasked));
  expect(head).toEqual({ type: "head", pos: target });
  // What it was told before it fell behind has no gap, and nothing follows but the head.
  const told = positions(slow.frames);
  expect(told).toEqual(told.map((_, at) => feed.head + 1 + at));
  expect(told.length).toBeLessThan(FLOOD);

  let pos = told.at(-1) ?? feed.head;
  for (let id = 2; pos < target; id++) {
    await slow.wire.text(JSON.stringify({ type: "sync", id, feed: { id: feed.id, pos } }));
    await until(() => slow.frames.some((frame) => frame.id === id), `page ${id}`);
    const page = slow.frames.find((frame) => frame.id === id) as Frame & { events: Frame[] };
    const next = positions(page.events);
    expect(next).toEqual(next.map((_, at) => pos + 1 + at));
    pos = next.at(-1) ?? pos;
  }
  slow.wire.end();
  await Promise.all([writer.close(), other.socket.close()]);
}, 60_000);

test("[P10][I20] a thousand requests at once get one answer each, and some of them are told to wait", async () => {
  const { socket } = await connect(server.origin, cho.access_token);
  const notes = directChannel(cho.user_id, cho.user_id);
  const asked = Array.from({ length: 1000 }, () =>
    socket.request({ type: "history", channel: notes, limit: 5 }),
  );
  const answers = await Promise.all(asked);
  const codes = new Set(answers.map(({ type, code }) => (type === "error" ? String(code) : type)));
  expect([...codes].toSorted()).toEqual(["busy", "messages"]);
  expect(answers.filter(({ type }) => type === "messages").length).toBeGreaterThan(200);
  await socket.close();
}, 60_000);

test("[P12][I20] a socket that asks for more than it reads is closed with 4008, and the others stay", async () => {
  const greedy = await read(ben);
  const { socket } = await connect(server.origin, ann.access_token);
  greedy.wire.pause();
  const closes = await metric('damso_closes_total{code="4008"}').catch(() => 0);
  for (let id = 2; id < 250; id++) {
    await greedy.wire.text(JSON.stringify({ type: "history", id, channel, limit: 200 }));
  }
  await until(
    async () => (await metric('damso_closes_total{code="4008"}').catch(() => 0)) > closes,
    "the server to give up on it",
  );
  greedy.wire.resume();
  const code = await within(greedy.wire.gone, 10 * SECOND, () => "the connection to end");
  expect(code).toBe(4008);
  expect((await socket.request({ type: "ping" })).type).toBe("pong");
  await socket.close();
}, 60_000);
