/** Pushes of a real server, killed and restarted, to a push service on this machine that is slow, busy or dead. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { directChannel } from "@damso/protocol/ids";
import type { ChannelId } from "@damso/protocol/ids";
import { succeed } from "../rig/http.testing.ts";
import { createGroup, logIn, signUp } from "../rig/people.testing.ts";
import type { Session } from "../rig/people.testing.ts";
import { startPushService } from "../rig/push-service.testing.ts";
import type { PushService } from "../rig/push-service.testing.ts";
import { newClientId } from "../rig/random.testing.ts";
import { endRig, startServer, temporary } from "../rig/server.ts";
import type { RigServer } from "../rig/server.ts";
import { connect } from "../rig/socket.testing.ts";
import { until } from "../rig/until.ts";

const flags = { "push-anywhere": "on" };
const data = temporary("push");
let server: RigServer;
let service: PushService;
let ann: Session;

const start = async (): Promise<void> => {
  server = await startServer({ data, flags });
};
beforeAll(async () => {
  await start();
  ann = await signUp(server.origin, "ann");
}, 30_000);
beforeEach(() => {
  service = startPushService();
});
afterEach(() => service.stop());
afterAll(endRig);

/** Somebody whose phone is off and has a subscription. */
async function subscriber(name: string): Promise<Session> {
  const made = await signUp(server.origin, name);
  await succeed(server.origin, "PUT", `/v1/push/${made.device_id}`, {
    token: made.access_token,
    body: service.subscribe(name),
  });
  return made;
}

const between = (a: Session, b: Session): ChannelId => directChannel(a.user_id, b.user_id);

async function send(channel: string, body: string): Promise<number> {
  const { seq } = await succeed<{ seq: number }>(
    server.origin,
    "POST",
    `/v1/channels/${channel}/messages`,
    { token: ann.access_token, body: { client_id: newClientId(), body } },
  );
  return seq;
}

const arrives = (who: string, count = 1): Promise<void> =>
  until(() => service.of(who).length >= count, `${count} pushes to ${who}`, 20_000);

test("[I14][N1][N3] what nobody has seen is pushed once, after two seconds, and only the browser can read it", async () => {
  const bob = await subscriber("bob");
  await send(between(ann, bob), "안녕, 밥");
  const sent = Date.now();
  await arrives("bob");
  const [first] = service.of("bob");
  expect((first?.at ?? 0) - sent).toBeWithin(1500, 4000);
  expect(first).toMatchObject({
    urgency: "high",
    push: {
      web_push: 8030,
      notification: { title: "ann", body: "안녕, 밥", tag: between(ann, bob) },
      app_badge: 1,
    },
  });
  await Bun.sleep(3000);
  expect(service.posts).toBe(1);
}, 30_000);

test("[I14] nothing is pushed when another device has it in the foreground; in the background the phone is", async () => {
  const bob = await subscriber("bob");
  const desk = await logIn(server.origin, bob);
  const { socket } = await connect(server.origin, desk.access_token);
  socket.listen((frame) => {
    const { pos } = frame as { pos?: number };
    if (pos !== undefined) socket.send(JSON.stringify({ type: "ack", pos }));
  });
  await send(between(ann, bob), "seen on the desk");
  await Bun.sleep(4000);
  expect(service.posts).toBe(0);
  socket.send(JSON.stringify({ type: "ping", active: false }));
  await Bun.sleep(200);
  await send(between(ann, bob), "nobody looks");
  await arrives("bob");
  expect(service.of("bob")[0]?.push.notification?.body).toContain("nobody looks");
  socket.terminate();
}, 30_000);

test("[N9] read on another device, the notification is taken back and the badge falls", async () => {
  const bob = await subscriber("bob");
  const channel = between(ann, bob);
  const seq = await send(channel, "one");
  await arrives("bob");
  const token = (await logIn(server.origin, bob)).access_token;
  await succeed(server.origin, "POST", `/v1/channels/${channel}/read`, { token, body: { seq } });
  await arrives("bob", 2);
  expect(service.of("bob")[1]?.push).toEqual({ kind: "read", channel, seq, app_badge: 0 });
}, 30_000);

test("[I14] killed before a push was due, and while its service hangs, the server pushes after its restart", async () => {
  const [bob, eve] = [await subscriber("bob"), await subscriber("eve")];
  service.behave = (who) =>
    who === "eve" ? Bun.sleep(3_600_000).then(() => undefined) : undefined;
  await send(between(ann, eve), "hanging");
  await until(() => service.posts === 1, "the POST that hangs");
  await send(between(ann, bob), "not due yet");
  await server.kill();
  service.behave = () => undefined;
  await start();
  await arrives("bob");
  await arrives("eve");
  await Bun.sleep(3000);
  expect(service.of("bob")).toHaveLength(1);
  expect(service.of("eve")).toHaveLength(1);
}, 60_000);

test("[I14] killed between the POST and its note, it pushes again with the same topic, and a third time never", async () => {
  const bob = await subscriber("bob");
  await send(between(ann, bob), "twice at most");
  let killed: Promise<unknown> | undefined;
  service.behave = (_who, nth) => {
    if (nth === 1) killed = server.kill();
    return undefined;
  };
  await arrives("bob");
  await killed;
  await start();
  await arrives("bob", 2);
  await Bun.sleep(3000);
  const topics = service.of("bob").map(({ topic }) => topic);
  expect([topics.length, new Set(topics).size]).toEqual([2, 1]);
}, 60_000);

test("[N12] a dead push service slows nobody else", async () => {
  const dead = startPushService();
  dead.behave = () => Bun.sleep(3_600_000).then(() => undefined);
  const lost: Session[] = [];
  for (let n = 0; n < 12; n++) {
    const one = await signUp(server.origin, "lost");
    await succeed(server.origin, "PUT", `/v1/push/${one.device_id}`, {
      token: one.access_token,
      body: dead.subscribe(`lost${n}`),
    });
    lost.push(one);
  }
  const bob = await subscriber("bob");
  for (const one of lost) await send(between(ann, one), "into the void");
  await until(() => dead.posts >= lost.length, "POSTs that hang");
  const sent = Date.now();
  await send(between(ann, bob), "in time");
  await arrives("bob");
  expect((service.of("bob")[0]?.at ?? 0) - sent).toBeLessThan(4000);
  await dead.stop();
}, 60_000);

test("[N6][N11] a busy service is asked when it says, and a subscription that is gone goes", async () => {
  const bob = await subscriber("bob");
  service.behave = (_who, nth) =>
    nth === 1 ? new Response(null, { status: 429, headers: { "retry-after": "3" } }) : undefined;
  await send(between(ann, bob), "later");
  await until(() => service.posts === 1, "the first POST");
  const refused = Date.now();
  await arrives("bob");
  expect((service.of("bob")[0]?.at ?? 0) - refused).toBeGreaterThan(2900);
  service.behave = () => new Response(null, { status: 410 });
  await send(between(ann, bob), "gone");
  await until(() => service.posts === 3, "the POST that finds nobody");
  await Bun.sleep(500);
  await send(between(ann, bob), "to nobody");
  await Bun.sleep(4000);
  expect(service.posts).toBe(3);
}, 60_000);

test("[N5] a device that was off gets one notification a channel, with the right counts and badge", async () => {
  const bob = await subscriber("bob");
  const group = await createGroup(server.origin, [ann, bob], { name: "모임" });
  for (let n = 1; n <= 8; n++) {
    await send(between(ann, bob), `direct ${n}`);
    await send(group, `group ${n}`);
  }
  const last = (tag: string) =>
    service.of("bob").findLast(({ push }) => push.notification?.tag === tag)?.push;
  const isNewest = (tag: string): boolean => last(tag)?.notification?.body.endsWith(" 8") === true;
  await until(() => isNewest(group) && isNewest(between(ann, bob)), "the newest of both", 30_000);
  expect(new Set(service.of("bob").map(({ topic }) => topic)).size).toBe(2);
  expect(last(between(ann, bob))?.notification).toMatchObject({ body: "8 new messages\ndirect 8" });
  expect(last(group)?.notification).toMatchObject({
    title: "모임",
    body: "8 new messages\nann: group 8",
  });
  expect(service.arrived.at(-1)?.push.app_badge).toBe(16);
  // What waited behind one under way went with the newest: fewer POSTs than messages.
  expect(service.posts).toBeLessThan(16);
}, 60_000);

test("[N15] a test push arrives at once", async () => {
  const bob = await subscriber("bob");
  const answer = await succeed(server.origin, "POST", "/v1/push/test", { token: bob.access_token });
  expect(answer).toEqual({ outcome: "sent" });
  expect(service.of("bob")[0]?.push.notification?.title).toBe("Damso");
}, 30_000);
