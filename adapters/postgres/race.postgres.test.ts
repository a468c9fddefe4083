/** Two nodes on one server, and what one does while the other is in the middle of something. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { SQL } from "bun";
import {
  addSession,
  addUser,
  HASH,
  newId,
  newSession,
  START,
} from "@damso/contracts/accounts-scene";
import type { Accounts } from "@damso/core/ports/accounts";
import type { OutboxRow } from "@damso/core/ports/account-records";
import type { UserId } from "@damso/protocol/ids";
import { openPostgresAccounts } from "./open.ts";
import type { Schema } from "./schema.testing.ts";
import { freshSchema } from "./schema.testing.ts";

let schema: Schema;
let one: Accounts;
let two: Accounts;
beforeEach(async () => {
  schema = await freshSchema();
  [one, two] = await Promise.all([
    openPostgresAccounts(schema.options, 1),
    openPostgresAccounts(schema.options, 1),
  ]);
});
afterEach(async () => {
  await one.close();
  await two.close();
  await schema.remove();
});

/** People, made at one of the nodes. */
async function people(...names: string[]): Promise<UserId[]> {
  const ids: UserId[] = [];
  for (const name of names) ids.push(await addUser(sceneOf(one), name));
  return ids;
}

function sceneOf(accounts: Accounts): Parameters<typeof addUser>[0] {
  return { accounts, reopen: () => Promise.resolve(), end: () => Promise.resolve() };
}

/** A transaction that has done its work and is not committed before `commit`. */
async function held(work: (tx: SQL) => Promise<unknown>): Promise<{ commit(): Promise<void> }> {
  const worked = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const done = schema.other.begin(async (tx) => {
    await work(tx);
    worked.resolve();
    await gate.promise;
  });
  await worked.promise;
  return {
    commit: async () => {
      gate.resolve();
      await done;
    },
  };
}

async function isWaiting(promise: Promise<unknown>): Promise<boolean> {
  return (await Promise.race([promise, Bun.sleep(150).then(() => "waiting")])) === "waiting";
}

/** What another node does in a change of this user's profile. */
async function changeProfile(tx: SQL, user_id: UserId): Promise<void> {
  await tx`UPDATE users SET updated_at = 5 WHERE user_id = ${user_id}`;
  await tx`INSERT INTO outbox (user_id, change, created_at)
    VALUES (${user_id}, '{"kind":"profile"}', 5)`;
}

const kinds = (rows: OutboxRow[]): string[] => rows.map(({ change }) => change.kind);

describe("the ids of one user's outbox rise in the order of commits", () => {
  test("[X13] two changes of a user at two nodes", async () => {
    const [amy] = (await people("amy")) as [UserId];
    const slow = await held((tx) => changeProfile(tx, amy));
    const settings = { receipts: false };
    const quick = two.users.update(amy, { settings }, START);
    expect(await isWaiting(quick)).toBe(true);
    expect(await one.outbox.take(9)).toEqual([]);
    await slow.commit();
    await quick;
    expect(kinds(await one.outbox.take(9))).toEqual(["profile", "settings"]);
  });

  test("[X13] a change that the deletion of someone else makes", async () => {
    const [amy, bob] = (await people("amy", "bob")) as [UserId, UserId];
    await one.contacts.put({ user_id: amy, other_id: bob, now: START, max: 9 });
    await one.outbox.remove((await one.outbox.take(9)).map(({ id }) => id));
    const slow = await held((tx) => changeProfile(tx, amy));
    const removing = two.users.remove(bob, START);
    expect(await isWaiting(removing)).toBe(true);
    await slow.commit();
    await removing;
    expect(kinds(await one.outbox.takeOf(amy, 9))).toEqual(["profile", "contacts"]);
  });

  test("[X13] a change that someone else's subscription makes", async () => {
    const [amy, bob] = (await people("amy", "bob")) as [UserId, UserId];
    const target = { kind: "fcm", token: "shared" } as const;
    const first = await addSession(sceneOf(one), amy);
    const second = await addSession(sceneOf(one), bob);
    const asked = { target, now: START };
    await one.subscriptions.put({ user_id: amy, device_id: first.device_id, ...asked });
    await one.outbox.remove((await one.outbox.take(9)).map(({ id }) => id));
    const slow = await held((tx) => changeProfile(tx, amy));
    const put = two.subscriptions.put({ user_id: bob, device_id: second.device_id, ...asked });
    expect(await isWaiting(put)).toBe(true);
    await slow.commit();
    expect(await put).toBe("ok");
    expect(kinds(await one.outbox.takeOf(amy, 9))).toEqual(["profile", "push"]);
  });

  test("[X13] whatever nodes do at once, a reader never sees an id below one that it has seen", async () => {
    const [amy, bob, cat] = (await people("amy", "bob", "cat")) as [UserId, UserId, UserId];
    const progress = { done: false };
    const changing = Promise.all(
      [one, two, one, two].map(async ({ users, contacts }, node) => {
        for (let i = 0; i < 25; i++) {
          const now = START + i;
          await users.update(amy, { about: `${node} ${i}` }, now);
          await contacts.put({ user_id: amy, other_id: node % 2 ? bob : cat, now, max: 9 });
          await contacts.remove({ user_id: amy, other_id: node % 2 ? cat : bob, now });
        }
      }),
    ).finally(() => (progress.done = true));
    const seen = new Set<number>();
    let highest = 0;
    while (!progress.done) {
      const ids = (await two.outbox.takeOf(amy, 10_000)).map(({ id }) => id);
      const late = ids.filter((id) => !seen.has(id) && id < highest);
      expect(late).toEqual([]);
      for (const id of ids) seen.add(id);
      highest = Math.max(highest, ...ids);
    }
    await changing;
    expect(seen.size).toBeGreaterThan(0);
  }, 30_000);
});

describe("two nodes in each other's way", () => {
  test("[X4] a token spent at both nodes at once has one successor", async () => {
    const [amy] = (await people("amy")) as [UserId];
    const asked = { ...newSession(amy), token_hash: "token 1" };
    await addSession(sceneOf(one), amy, asked);
    const turn = { family_hash: asked.family_hash, now: START, grace_ms: 10_000 };
    for (let n = 1; n <= 10; n++) {
      const hashes = { token_hash: `token ${n}`, next_hash: `token ${n + 1}` };
      const spent = [one, two, one, two].map(({ sessions }) =>
        sessions.rotate({ ...turn, ...hashes }),
      );
      const outcomes = (await Promise.all(spent)).map(({ outcome }) => outcome).sort();
      expect(outcomes).toEqual(["repeated", "repeated", "repeated", "rotated"]);
    }
  });

  test("[X5] a token spent while its session is revoked revives nothing", async () => {
    const [amy] = (await people("amy")) as [UserId];
    const asked = { ...newSession(amy), token_hash: "token 1" };
    const { session_id } = await addSession(sceneOf(one), amy, asked);
    const slow = await held((tx) => tx`DELETE FROM sessions WHERE session_id = ${session_id}`);
    const { family_hash, token_hash } = asked;
    const turn = { family_hash, token_hash, next_hash: "token 2", now: START, grace_ms: 1 };
    const rotating = two.sessions.rotate(turn);
    expect(await isWaiting(rotating)).toBe(true);
    await slow.commit();
    expect(await rotating).toEqual({ outcome: "unknown" });
  });

  test("[X12] nobody adds a user who is being deleted", async () => {
    const [amy, bob] = (await people("amy", "bob")) as [UserId, UserId];
    for (const put of [two.contacts.put, two.contacts.putBlock]) {
      const slow = await held(
        (tx) => tx`UPDATE users SET deleted_at = ${START} WHERE user_id = ${bob}`,
      );
      const adding = put({ user_id: amy, other_id: bob, now: START, max: 9 });
      expect(await isWaiting(adding)).toBe(true);
      await slow.commit();
      expect(await adding).toBe("not_found");
      await schema.other`UPDATE users SET deleted_at = NULL WHERE user_id = ${bob}`;
    }
  });

  test("[X12] one who is being added is deleted from that list too", async () => {
    const ids = await people("amy", "bob", "cat", "dan");
    const [gone = newId<UserId>(), ...others] = ids;
    const work: Promise<unknown>[] = others.map((user_id, i) =>
      (i % 2 ? two : one).contacts.put({ user_id, other_id: gone, now: START, max: 9 }),
    );
    work.push(two.users.remove(gone, START));
    await Promise.all(work);
    for (const user_id of others) expect(await one.contacts.list(user_id)).toEqual([]);
  });

  test("people who add one another at once at two nodes are both added", async () => {
    const [amy, bob] = (await people("amy", "bob")) as [UserId, UserId];
    for (let i = 0; i < 20; i++) {
      const now = START + i;
      const outcomes = await Promise.all([
        one.contacts.put({ user_id: amy, other_id: bob, now, max: 9 }),
        two.contacts.put({ user_id: bob, other_id: amy, now, max: 9 }),
        two.contacts.putBlock({ user_id: amy, other_id: bob, now, max: 9 }),
        one.contacts.putBlock({ user_id: bob, other_id: amy, now, max: 9 }),
      ]);
      expect(outcomes).toEqual(["ok", "ok", "ok", "ok"]);
      await one.contacts.remove({ user_id: amy, other_id: bob, now });
    }
  }, 20_000);

  test("[I9] an address that two devices register at once belongs to one of them", async () => {
    const [amy, bob] = (await people("amy", "bob")) as [UserId, UserId];
    const [a, b] = [await addSession(sceneOf(one), amy), await addSession(sceneOf(one), bob)];
    for (let i = 0; i < 20; i++) {
      const target = { kind: "fcm", token: `token ${i}` } as const;
      const outcomes = await Promise.all([
        one.subscriptions.put({ user_id: amy, device_id: a.device_id, target, now: START }),
        two.subscriptions.put({ user_id: bob, device_id: b.device_id, target, now: START }),
      ]);
      expect(outcomes).toEqual(["ok", "ok"]);
      const lists = [
        await one.subscriptions.listByUser(amy),
        await one.subscriptions.listByUser(bob),
      ];
      const owners = lists
        .flat()
        .filter((each) => "token" in each.target && each.target.token === target.token);
      expect(owners).toHaveLength(1);
    }
  }, 20_000);

  test("[X1] a username and [X7] the limit of devices hold over two nodes", async () => {
    const create = ({ users }: Accounts) =>
      users.create({
        user_id: newId<UserId>(),
        username: "eve",
        name: "Eve",
        password_hash: HASH,
        created_at: START,
      });
    const outcomes = await Promise.all([one, two, one, two].map(create));
    expect(outcomes.filter((outcome) => outcome === "created")).toHaveLength(1);
    const [amy] = (await people("amy")) as [UserId];
    const rule = { devices_max: 3, if_hash: HASH };
    await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        (i % 2 ? two : one).sessions.create(newSession(amy, START + i), rule),
      ),
    );
    expect(await one.sessions.list(amy)).toHaveLength(3);
  });

  test("uses of the same sessions, noted at two nodes in any order, do not stop one another", async () => {
    const [amy] = (await people("amy")) as [UserId];
    const uses = [];
    for (let i = 0; i < 20; i++) {
      const { session_id } = await addSession(sceneOf(one), amy);
      uses.push({ session_id, generation: 1, used_at: START + i });
    }
    for (let i = 0; i < 10; i++) {
      await Promise.all([one.sessions.touch(uses), two.sessions.touch(uses.toReversed())]);
    }
  });
});
