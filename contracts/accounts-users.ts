/** Users, credentials and the directory: the accounts contract's first part. */
import { expect, test } from "bun:test";
import { begun, DEFAULT_SETTINGS, locked } from "@damso/core/ports/account-records";
import type { UserId } from "@damso/protocol/ids";
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

export function usersContract(scene: () => Scene): void {
  test("a created user is found by id and by username, also after a restart", async () => {
    const user_id = await addUser(scene(), "amy.lee");
    await scene().reopen();
    const { users, credentials } = scene().accounts;
    const [byId] = await users.byIds([user_id, newId<UserId>()]);
    expect(byId).toEqual({
      user_id,
      username: "amy.lee",
      name: "AMY.LEE",
      avatar: null,
      about: "",
      locale: null,
      settings: DEFAULT_SETTINGS,
      created_at: START,
      deleted_at: null,
    });
    expect(await users.byUsername("amy.lee")).toEqual(byId);
    expect(await credentials.byUsername("amy.lee")).toEqual({ user_id, password_hash: HASH });
    expect(await credentials.byUser(user_id)).toEqual({ user_id, password_hash: HASH });
  });

  test("[X1] a username belongs to one user, also when many ask at once", async () => {
    const { users } = scene().accounts;
    const ask = () =>
      users.create({
        user_id: newId<UserId>(),
        username: "bob",
        name: "Bob",
        password_hash: HASH,
        created_at: START,
      });
    const outcomes = await Promise.all(Array.from({ length: 8 }, ask));
    expect(outcomes.filter((outcome) => outcome === "created")).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === "username_taken")).toHaveLength(7);
  });

  test("[P21] [X1] an account and its first session are made together, or neither is", async () => {
    const { users, sessions } = scene().accounts;
    const create = async (username: string): Promise<string> => {
      const user_id = newId<UserId>();
      const session = newSession(user_id);
      const user = { user_id, username, name: "Bob", password_hash: HASH, created_at: START };
      const outcome = await users.create({ ...user, session });
      const made = await sessions.byId(session.session_id);
      expect(made).toEqual(outcome === "created" ? begun(session) : undefined);
      return outcome;
    };
    expect(await create("bob")).toBe("created");
    expect(await create("bob")).toBe("username_taken");
  });

  test("[A1] the first user is the one whose account was made first, and stays it", async () => {
    const { users } = scene().accounts;
    expect(await users.first()).toBeUndefined();
    const first = await addUser(scene(), "zoe");
    await addUser(scene(), "abe");
    expect(await users.first()).toBe(first);
    await users.remove(first, START);
    expect(await users.first()).toBe(first);
  });

  test("users are listed newest first, page by page, with their sessions", async () => {
    const amy = await addUser(scene(), "amy");
    const bea = await addUser(scene(), "bea");
    const cleo = await addUser(scene(), "cleo");
    const { users, sessions, credentials } = scene().accounts;
    const { session_id } = await addSession(scene(), amy);
    await addSession(scene(), amy);
    await sessions.touch([{ session_id, generation: 1, used_at: START + 5 }]);
    await users.remove(cleo, START);
    const change = { user_id: bea, if_hash: HASH, password_hash: locked(HASH), keep: null };
    await credentials.change({ ...change, now: START });
    const page = await users.list({ text: "", limit: 2 });
    expect(page.map(({ user_id }) => user_id)).toEqual([cleo, bea]);
    expect(page).toMatchObject([
      { deleted_at: START, is_locked: false, sessions: 0 },
      { is_locked: true, last_used_at: null },
    ]);
    const rest = await users.list({ text: "", limit: 2, before: bea });
    expect(rest).toMatchObject([
      { user_id: amy, sessions: 2, last_used_at: START + 5, is_locked: false },
    ]);
  });

  test("a search finds beginnings of usernames, parts of names and ids, and takes no wildcards", async () => {
    const amy = await addUser(scene(), "amy_lee");
    const bea = await addUser(scene(), "bea");
    const { users } = scene().accounts;
    await users.update(bea, { name: "김담소 100%" }, START);
    const found = async (text: string): Promise<string[]> =>
      (await users.list({ text, limit: 10 })).map(({ user_id }) => user_id);
    expect(await found("amy_")).toEqual([amy]);
    expect(await found("담소")).toEqual([bea]);
    expect(await found("0%")).toEqual([bea]);
    expect(await found(amy)).toEqual([amy]);
    for (const text of ["%", "a_y", "my_lee'", "\\"])
      expect(await found(text)).toEqual(text === "%" ? [bea] : []);
  });

  test("nobody is found where nobody is", async () => {
    const { users, credentials, directory } = scene().accounts;
    const nobody = newId<UserId>();
    expect(await users.byIds([])).toEqual([]);
    expect(await users.byIds([nobody])).toEqual([]);
    expect(await users.byUsername("nobody")).toBeUndefined();
    expect(await users.update(nobody, { name: "x" }, START)).toBeUndefined();
    expect(await users.remove(nobody, START)).toBeUndefined();
    expect(await credentials.byUsername("nobody")).toBeUndefined();
    expect(await credentials.byUser(nobody)).toBeUndefined();
    expect(await directory.profile(nobody)).toBeUndefined();
  });

  test("more users than one statement takes are found in one call", async () => {
    const ids: UserId[] = [];
    for (let i = 0; i < 1_201; i++) ids.push(newId<UserId>());
    for (const at of [0, 600, 1_200]) {
      const user_id = ids[at] ?? newId<UserId>();
      const user = { user_id, username: `u${at}`, name: "U", password_hash: HASH };
      await scene().accounts.users.create({ ...user, created_at: START });
    }
    const found = await scene().accounts.users.byIds(ids);
    expect(found.map((user) => user.username).sort()).toEqual(["u0", "u1200", "u600"]);
  });

  test("a patch changes what it names and nothing else", async () => {
    const user_id = await addUser(scene(), "cat");
    const { users } = scene().accounts;
    await users.update(user_id, { about: "hi", avatar: "a1", locale: "ko" }, START + 1);
    const settings = { presence: "nobody", push: { group: "mentions" } } as const;
    await users.update(user_id, { avatar: null, settings }, START + 2);
    const after = await users.update(user_id, { settings: { private_push: true } }, START + 3);
    expect(after).toMatchObject({ name: "CAT", about: "hi", avatar: null, locale: "ko" });
    expect(after?.settings).toEqual({
      ...DEFAULT_SETTINGS,
      presence: "nobody",
      push: { direct: "all", group: "mentions" },
      private_push: true,
    });
    expect(await users.byIds([user_id])).toEqual(after ? [after] : []);
    const kinds = (await changesOf(scene(), user_id)).map((change) => change.kind);
    expect(kinds).toEqual(["profile", "profile", "settings", "settings"]);
  });

  test("text comes back as it was stored", async () => {
    const user_id = await addUser(scene(), "dan");
    const name = "담소 '; DROP TABLE users; -- 👋🏽";
    await scene().accounts.users.update(user_id, { name, about: "a\nb\t%_\\" }, START);
    const [user] = await scene().accounts.users.byIds([user_id]);
    expect(user).toMatchObject({ name, about: "a\nb\t%_\\" });
  });

  test("[X12] a deleted account leaves a tombstone, and its username stays taken", async () => {
    const user_id = await addUser(scene(), "eve");
    const friend = await addUser(scene(), "friend");
    const { users, credentials, sessions, contacts, directory, subscriptions } = scene().accounts;
    const session = await addSession(scene(), user_id);
    const { device_id, session_id } = session;
    const target = { kind: "fcm", token: "t1" } as const;
    await subscriptions.put({ user_id, device_id, target, now: START });
    await contacts.put({ user_id: friend, other_id: user_id, now: START, max: 100 });
    await contacts.putBlock({ user_id, other_id: friend, now: START, max: 100 });
    await users.update(user_id, { about: "hi", avatar: "a1" }, START);

    expect(await users.remove(user_id, START + 9)).toEqual([session]);
    expect(await users.remove(user_id, START + 10)).toBeUndefined();

    const [tombstone] = await users.byIds([user_id]);
    expect(tombstone).toMatchObject({ username: "eve", name: "", about: "", avatar: null });
    expect(tombstone?.deleted_at).toBe(START + 9);
    expect(await users.byUsername("eve")).toBeUndefined();
    expect(await users.update(user_id, { name: "back" }, START)).toBeUndefined();
    expect(await credentials.byUsername("eve")).toBeUndefined();
    expect(await sessions.byId(session_id)).toBeUndefined();
    expect(await subscriptions.listByUser(user_id)).toEqual([]);
    expect(await contacts.list(friend)).toEqual([]);
    expect(await contacts.listBlocks(user_id)).toEqual([]);
    expect(await directory.profile(user_id)).toMatchObject({ deleted: true, has_push: false });
    const again = { username: "eve", name: "Eve", password_hash: HASH, created_at: START };
    const retry = await users.create({ user_id: newId<UserId>(), ...again });
    expect(retry).toBe("username_taken");
    expect(await changesOf(scene(), user_id)).toContainEqual({
      kind: "deleted",
      revoked: [session_id],
    });
    expect(await changesOf(scene(), friend)).toContainEqual({
      kind: "contacts",
      other_id: user_id,
    });
  });

  test("the directory knows settings, contacts, blocks and push", async () => {
    const user_id = await addUser(scene(), "fay");
    const friend = await addUser(scene(), "gus");
    const foe = await addUser(scene(), "hal");
    const { users, contacts, directory, subscriptions } = scene().accounts;
    await users.update(user_id, { settings: { who_may_message: "contacts" } }, START);
    await contacts.put({ user_id, other_id: friend, now: START, max: 100 });
    await contacts.putBlock({ user_id, other_id: foe, now: START, max: 100 });
    await contacts.put({ user_id: foe, other_id: user_id, now: START, max: 100 });
    const expected = {
      user_id,
      deleted: false,
      presence: "everyone" as const,
      who_may_message: "contacts" as const,
      receipts: true,
      push: DEFAULT_SETTINGS.push,
      private_push: false,
      has_push: false,
      contacts: new Set([friend]),
      blocks: new Set([foe]),
    };
    expect(await directory.profile(user_id)).toEqual(expected);
    const { device_id } = await addSession(scene(), user_id);
    const target = { kind: "fcm", token: "t2" } as const;
    await subscriptions.put({ user_id, device_id, target, now: START });
    expect(await directory.profile(user_id)).toEqual({ ...expected, has_push: true });
  });

  test("[X11] a password change revokes every session but the one that asked", async () => {
    const user_id = await addUser(scene(), "ian");
    const { credentials, sessions } = scene().accounts;
    const keep = await addSession(scene(), user_id);
    const other = await addSession(scene(), user_id);
    const change = { user_id, if_hash: HASH, password_hash: "new", now: START };
    const changed = await credentials.change({ ...change, keep: keep.session_id });
    expect(changed).toMatchObject({ outcome: "changed", user: { user_id }, revoked: [other] });
    expect(await sessions.list(user_id)).toEqual([keep]);
    expect(await credentials.byUser(user_id)).toEqual({ user_id, password_hash: "new" });
    const stale = await credentials.change({ ...change, keep: null });
    expect(stale).toEqual({ outcome: "stale" });
    expect(await sessions.list(user_id)).toEqual([keep]);
  });

  test("[P21] [X11] a password and a patch change together, or neither does", async () => {
    const user_id = await addUser(scene(), "ivy");
    const { credentials, users } = scene().accounts;
    await clearOutbox(scene());
    const patch = { name: "Ivy", settings: { presence: "nobody" } } as const;
    const change = { user_id, if_hash: HASH, password_hash: "new", keep: null, patch, now: START };
    const changed = await credentials.change(change);
    const [user] = await users.byIds([user_id]);
    expect(user).toMatchObject({ name: "Ivy", settings: { presence: "nobody", receipts: true } });
    expect(changed).toEqual({ outcome: "changed", user: user as never, revoked: [] });
    const kinds = (await changesOf(scene(), user_id)).map(({ kind }) => kind);
    expect(kinds).toEqual(["profile", "settings"]);
    const late = await credentials.change({ ...change, patch: { name: "Late" } });
    expect(late).toEqual({ outcome: "stale" });
    expect(await users.byIds([user_id])).toMatchObject([{ name: "Ivy" }]);
  });

  test("[X11] a password changed while it was being checked lets nobody in", async () => {
    const user_id = await addUser(scene(), "joe");
    const { credentials, sessions } = scene().accounts;
    await credentials.change({
      user_id,
      if_hash: HASH,
      password_hash: "new",
      keep: null,
      now: START,
    });
    const rule = { devices_max: 30, if_hash: HASH };
    expect(await sessions.create(newSession(user_id), rule)).toEqual({ outcome: "stale" });
    expect(await sessions.list(user_id)).toEqual([]);
  });
}
