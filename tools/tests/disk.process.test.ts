/** A disk that is full, and one that refuses writes, under load. */
import { afterAll, expect, test } from "bun:test";
import type { ClientId } from "@damso/protocol/ids";
import { createCast, readTruth, sendAgain, settle, work } from "../rig/cast.testing.ts";
import type { Cast } from "../rig/cast.testing.ts";
import { faultsOf } from "../rig/checks.testing.ts";
import { limitedDisk, mountDisk } from "../rig/full-disk.testing.ts";
import type { Disk } from "../rig/full-disk.testing.ts";
import { call, codeOf, succeed } from "../rig/http.testing.ts";
import type { Answer } from "../rig/http.testing.ts";
import { noteSend, sendKey } from "../rig/journal.testing.ts";
import { PASSWORD } from "../rig/people.testing.ts";
import { createRandom, newClientId } from "../rig/random.testing.ts";
import { endRig, killServers, startServer } from "../rig/server.ts";
import type { RigServer } from "../rig/server.ts";
import { until, within } from "../rig/until.ts";

afterAll(endRig);

const RECOVERY_MS = 10_000;

function placed({ journal }: Cast): number {
  return [...journal.sends.values()].filter(({ place }) => place).length;
}

/** One message of someone who asks by HTTP, the same again when it has the same id. */
async function send(cast: Cast, origin: string, client_id: ClientId): Promise<Answer> {
  const { owner, lobby, journal } = cast;
  const { user_id, access_token: token } = owner;
  const body = { client_id, body: "on a full disk" };
  if (!journal.sends.has(sendKey(user_id, lobby, client_id))) {
    const note = { device: `${user_id}/http`, user_id, channel: lobby, tries: 1, ...body };
    noteSend(journal, note);
  }
  return call(origin, "POST", `/v1/channels/${lobby}/messages`, { token, body });
}

/** Reads go on, whoever asks and however. */
async function expectReads(cast: Cast, origin: string): Promise<void> {
  const truth = await readTruth(cast, origin);
  const acknowledged = [...cast.journal.sends.values()].filter(({ place }) => place);
  const kept = new Set([...truth.histories.values()].flat().map(({ message_id }) => message_id));
  expect(acknowledged.filter(({ place }) => !kept.has(place?.message_id as never))).toEqual([]);
  for (const reader of cast.readers.values()) {
    const token = reader.access_token;
    const page = await succeed<{ feed: object }>(origin, "GET", "/v1/feed?after=0", { token });
    expect(page.feed).toBeDefined();
  }
}

/** What writes elsewhere is refused with a code of ours too. */
async function expectRefusals(cast: Cast, origin: string): Promise<void> {
  const { owner } = cast;
  const token = owner.access_token;
  const profile = await call(origin, "PATCH", "/v1/me", {
    token,
    body: { about: "x".repeat(400) },
  });
  const login = { username: owner.username, password: PASSWORD };
  const session = await call(origin, "POST", "/v1/login", { body: login });
  const group = await call(origin, "POST", "/v1/channels", { token, body: { members: [] } });
  for (const answer of [profile, session, group]) {
    expect([undefined, "unavailable", "busy"]).toContain(codeOf(answer));
  }
}

async function expectUnready(origin: string): Promise<void> {
  let answer = await call(origin, "GET", "/readyz");
  await until(
    async () => {
      answer = await call(origin, "GET", "/readyz");
      return answer.status === 503;
    },
    "/readyz to say 503",
    RECOVERY_MS,
  );
  const { reasons } = answer.body as { reasons?: string[] };
  expect(reasons?.join(" ")).toMatch(/\w+/);
}

async function survives(disk: Disk, server: RigServer): Promise<void> {
  const { origin } = server;
  const cast = await createCast(origin, createRandom(1));
  const over = work(cast, origin);
  await until(() => placed(cast) > 300, "a load");

  disk.fill(server);
  const client_id = newClientId();
  await until(
    async () => codeOf(await send(cast, origin, newClientId())) === "unavailable",
    "sends to be unavailable",
  );
  const undecided = await send(cast, origin, client_id);
  expect([undecided.status, codeOf(undecided)]).toEqual([503, "unavailable"]);
  await expectUnready(origin);
  await expectReads(cast, origin);
  await expectRefusals(cast, origin);
  expect(server.isRunning()).toBe(true);
  const before = placed(cast);

  disk.free(server);
  await until(() => placed(cast) > before + 100, "sends to be accepted again", RECOVERY_MS);
  await succeed(origin, "GET", "/readyz");
  const decided = await send(cast, origin, client_id);
  expect(decided.status).toBe(201);
  await judge(cast, origin);
  expect(await server.stop()).toEqual({ code: 0, signal: null });
  await within(over, 20_000, () => "the sockets to close");

  const next = await startServer({ data: server.data });
  const back = work(cast, next.origin);
  await judge(cast, next.origin);
  const again = await send(cast, next.origin, client_id);
  expect(again.body).toEqual(decided.body);
  expect(await next.stop()).toEqual({ code: 0, signal: null });
  await back;
}

async function judge(cast: Cast, origin: string): Promise<void> {
  await settle(cast);
  const faults = faultsOf(cast.journal, await readTruth(cast, origin));
  expect([...faults, ...(await sendAgain(cast, origin, 50))].slice(0, 20)).toEqual([]);
}

async function trial(disk: Disk): Promise<void> {
  try {
    await survives(disk, await startServer(disk.options));
  } finally {
    await killServers();
    disk.end();
  }
}

test("[S11][I1][I4][I22] a disk that is full: sends are unavailable, reads go on, nothing is lost, and it recovers", async () => {
  await trial(mountDisk() ?? limitedDisk());
}, 120_000);

test("[S11][S4][I22] a disk that refuses to write: the same, and nothing is doubled", async () => {
  await trial(limitedDisk());
}, 120_000);
