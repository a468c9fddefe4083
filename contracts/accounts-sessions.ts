/** Sessions and the device limit: part of the accounts contract. */
import { expect, test } from "bun:test";
import type { DeviceId, SessionId } from "@damso/protocol/ids";
import type { Scene } from "./accounts-scene.ts";
import {
  addSession,
  addUser,
  changesOf,
  clearOutbox,
  HASH,
  newId,
  newSession,
  START,
} from "./accounts-scene.ts";

export function sessionsContract(scene: () => Scene): void {
  test("a created session is found by id, by family and in the list, also after a restart", async () => {
    const user_id = await addUser(scene(), "amy");
    const asked = newSession(user_id);
    const session = await addSession(scene(), user_id, asked);
    await scene().reopen();
    const { sessions } = scene().accounts;
    expect(session).toEqual({
      session_id: asked.session_id,
      device_id: asked.device_id,
      user_id,
      device_name: "phone",
      time_zone: "Asia/Seoul",
      created_at: START,
      last_used_at: START,
      generation: 1,
      confirmed: false,
    });
    expect(await sessions.byId(asked.session_id)).toEqual(session);
    expect(await sessions.byFamily(asked.family_hash)).toEqual(session);
    expect(await sessions.byFamily(asked.token_hash)).toBeUndefined();
    expect(await sessions.list(user_id)).toEqual([session]);
    expect(await changesOf(scene(), user_id)).toEqual([{ kind: "devices", revoked: [] }]);
  });

  test("[X7] the 31st device takes the place of the one unused for longest", async () => {
    const user_id = await addUser(scene(), "bob");
    const { sessions } = scene().accounts;
    for (let i = 0; i < 30; i++) {
      await addSession(scene(), user_id, newSession(user_id, START + i));
    }
    const before = await sessions.list(user_id);
    expect(before).toHaveLength(30);
    const oldest = before.at(-1);
    const used = { session_id: oldest?.session_id ?? newId<SessionId>(), generation: 1 };
    await sessions.touch([{ ...used, used_at: START + 100 }]);
    const victim = before.at(-2);
    await clearOutbox(scene());

    const rule = { devices_max: 30, if_hash: HASH };
    const made = await sessions.create(newSession(user_id, START + 200), rule);
    if (made.outcome !== "created") throw new Error(made.outcome);
    expect(made.revoked.map((session) => session.session_id)).toEqual([
      victim?.session_id ?? newId<SessionId>(),
    ]);
    const after = await sessions.list(user_id);
    expect(after).toHaveLength(30);
    expect(after[0]).toEqual(made.session);
    expect(after.map((session) => session.session_id)).toContain(used.session_id);
    const revoked = made.revoked.map((session) => session.session_id);
    expect(await changesOf(scene(), user_id)).toEqual([{ kind: "devices", revoked }]);
  });

  test("[X7] devices that sign in at once never exceed the limit", async () => {
    const user_id = await addUser(scene(), "cat");
    const { sessions } = scene().accounts;
    const rule = { devices_max: 3, if_hash: HASH };
    await Promise.all(
      Array.from({ length: 10 }, (_, i) => sessions.create(newSession(user_id, START + i), rule)),
    );
    expect(await sessions.list(user_id)).toHaveLength(3);
  });

  test("[X5] revoking ends the chosen sessions of that user and no other", async () => {
    const user_id = await addUser(scene(), "dan");
    const other_id = await addUser(scene(), "eve");
    const { sessions } = scene().accounts;
    const a = await addSession(scene(), user_id, newSession(user_id, START));
    const b = await addSession(scene(), user_id, newSession(user_id, START + 1));
    const c = await addSession(scene(), user_id, newSession(user_id, START + 2));
    const foreign = await addSession(scene(), other_id);
    await clearOutbox(scene());

    const { session_id, device_id } = foreign;
    expect(await sessions.revoke(user_id, { session_id }, START)).toEqual([]);
    expect(await sessions.revoke(user_id, { device_id }, START)).toEqual([]);
    expect(await changesOf(scene(), user_id)).toEqual([]);

    expect(await sessions.revoke(user_id, { device_id: a.device_id }, START)).toEqual([a]);
    expect(await sessions.revoke(user_id, { device_id: a.device_id }, START)).toEqual([]);
    expect(await sessions.revoke(user_id, { all_but: b.session_id }, START)).toEqual([c]);
    expect(await sessions.revoke(user_id, { session_id: b.session_id }, START)).toEqual([b]);
    expect(await sessions.revoke(user_id, { all_but: null }, START)).toEqual([]);
    expect(await sessions.byId(session_id)).toEqual(foreign);
    expect(await changesOf(scene(), user_id)).toEqual([
      { kind: "devices", revoked: [a.session_id] },
      { kind: "devices", revoked: [c.session_id] },
      { kind: "devices", revoked: [b.session_id] },
    ]);
  });

  test("a use moves the time forward only, and confirms the newest generation only", async () => {
    const user_id = await addUser(scene(), "fay");
    const { sessions } = scene().accounts;
    const { session_id } = await addSession(scene(), user_id);
    await sessions.touch([{ session_id, generation: 0, used_at: START + 5 }]);
    expect(await sessions.byId(session_id)).toMatchObject({
      last_used_at: START + 5,
      confirmed: false,
    });
    await sessions.touch([
      { session_id, generation: 1, used_at: START + 3, time_zone: "Europe/Berlin" },
      { session_id: newId<SessionId>(), generation: 1, used_at: START },
    ]);
    expect(await sessions.byId(session_id)).toMatchObject({
      last_used_at: START + 5,
      confirmed: true,
      time_zone: "Europe/Berlin",
    });
    await sessions.touch([]);
    const unknown = { device_id: newId<DeviceId>() };
    expect(await sessions.revoke(user_id, unknown, START)).toEqual([]);
  });
}
