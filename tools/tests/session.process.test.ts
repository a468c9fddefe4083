/** The life of a session and of its socket, against a real server. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { directChannel } from "@damso/protocol/ids";
import { call, codeOf, succeed } from "../rig/http.testing.ts";
import { logIn, renew, signUp } from "../rig/people.testing.ts";
import type { Session } from "../rig/people.testing.ts";
import { newClientId } from "../rig/random.testing.ts";
import { endRig, startServer } from "../rig/server.ts";
import type { RigServer } from "../rig/server.ts";
import { connect, openSocket } from "../rig/socket.testing.ts";
import { within } from "../rig/until.ts";

let server: RigServer;
let origin: string;
let ann: Session;
let ben: Session;

beforeAll(async () => {
  server = await startServer();
  origin = server.origin;
  [ann, ben] = await Promise.all([signUp(origin, "ann"), signUp(origin, "ben")]);
}, 30_000);
afterAll(endRig);

const SECOND = 1000;
const me = (token: string): ReturnType<typeof call> => call(origin, "GET", "/v1/me", { token });
const refresh = (refresh_token: string): ReturnType<typeof call> =>
  call(origin, "POST", "/v1/refresh", { body: { refresh_token } });

/** The session's socket is closed for good within a second of `end`, and none of its tokens works. */
async function expectEnd(session: Session, end: () => Promise<unknown>): Promise<void> {
  const { socket } = await connect(origin, session.access_token);
  const told: unknown[] = [];
  socket.listen((frame) => told.push(frame));
  const polling = call(origin, "GET", `/v1/feed?after=${await headOf(session)}&wait=20`, {
    token: session.access_token,
  });
  await end();
  const since = performance.now();
  const closing = await within(socket.closed, 5 * SECOND, () => "the socket to close");
  expect(closing.code).toBe(4001);
  expect(performance.now() - since).toBeLessThan(SECOND);
  expect(codeOf(await within(polling, 5 * SECOND, () => "the long poll"))).toBe("unauthenticated");
  expect(codeOf(await me(session.access_token))).toBe("unauthenticated");
  expect(codeOf(await refresh(session.refresh_token))).toBe("unauthenticated");
  const again = await openSocket(origin);
  const reply = await again.request({ type: "hello", token: session.access_token });
  expect(reply["code"]).toBe("unauthenticated");
  expect((await again.closed).code).toBe(4002);
}

async function headOf(session: Session): Promise<number> {
  type Page = { feed: { head: number } };
  const token = session.access_token;
  return (await succeed<Page>(origin, "GET", "/v1/feed", { token })).feed.head;
}

test("[I17][X5] a device that another one logs out loses its socket and its tokens at once", async () => {
  const lost = await logIn(origin, ann);
  await expectEnd(lost, () =>
    succeed(origin, "DELETE", `/v1/devices/${lost.device_id}`, { token: ann.access_token }),
  );
  expect(codeOf(await me(ann.access_token))).toBeUndefined();
});

test("[I17][X5] a device that logs itself out loses its socket and its tokens at once", async () => {
  const leaving = await logIn(origin, ann);
  const body = { refresh_token: leaving.refresh_token };
  await expectEnd(leaving, () => succeed(origin, "POST", "/v1/logout", { body }));
});

test("[I17] a revoked session hears nothing of what is sent after the answer", async () => {
  const lost = await logIn(origin, ann);
  const { socket } = await connect(origin, lost.access_token);
  await succeed(origin, "DELETE", `/v1/devices/${lost.device_id}`, { token: ann.access_token });
  const path = `/v1/channels/${directChannel(ann.user_id, ben.user_id)}/messages`;
  const body = { client_id: newClientId(), body: "not for the lost device" };
  await succeed(origin, "POST", path, { token: ben.access_token, body });
  await within(socket.closed, 5 * SECOND, () => "the socket to close");
  expect(JSON.stringify(socket.unasked)).not.toContain("not for the lost device");
});

test("[X11] a new password ends the other sessions and keeps its own", async () => {
  const owner = await signUp(origin, "owner");
  const other = await logIn(origin, owner);
  const body = { password: { old: "a password for the tests", new: "another password" } };
  await expectEnd(other, () =>
    succeed(origin, "PATCH", "/v1/me", { token: owner.access_token, body }),
  );
  expect(codeOf(await me(owner.access_token))).toBeUndefined();
});

test("[X4] a refresh token is exchanged once; the same one again gives the same pair for a while", async () => {
  const first = await logIn(origin, ann);
  const second = await renew(origin, first);
  expect(second.refresh_token).not.toBe(first.refresh_token);
  expect((await renew(origin, first)).refresh_token).toBe(second.refresh_token);
  expect(codeOf(await me(second.access_token))).toBeUndefined();
});

test("[X4] an older refresh token is a stolen one: the session ends, its socket with it", async () => {
  const first = await logIn(origin, ann);
  const second = await renew(origin, first);
  const third = await renew(origin, second);
  const { socket } = await connect(origin, third.access_token);
  expect(codeOf(await refresh(first.refresh_token))).toBe("unauthenticated");
  expect((await within(socket.closed, 5 * SECOND, () => "the socket to close")).code).toBe(4001);
  expect(codeOf(await me(third.access_token))).toBe("unauthenticated");
  expect(codeOf(await refresh(third.refresh_token))).toBe("unauthenticated");
});

test("[X6] a newer socket of the same device replaces the older", async () => {
  const older = await connect(origin, ben.access_token);
  const newer = await connect(origin, ben.access_token);
  expect((await within(older.socket.closed, SECOND, () => "the older to close")).code).toBe(4009);
  expect((await newer.socket.request({ type: "ping" })).type).toBe("pong");
  await newer.socket.close();
});

test("[X7] a 31st device takes the place of the one unused for longest", async () => {
  const owner = await signUp(origin, "many");
  const { socket } = await connect(origin, owner.access_token);
  const devices: Session[] = [];
  for (let at = 2; at <= 31; at++) devices.push(await logIn(origin, owner));
  const gone = await within(socket.closed, 5 * SECOND, () => "the first device to be logged out");
  expect(gone.code).toBe(4001);
  type List = { devices: unknown[] };
  const token = devices.at(-1)?.access_token as string;
  const list = await succeed<List>(origin, "GET", "/v1/devices", { token });
  expect(list.devices).toHaveLength(30);
}, 60_000);
