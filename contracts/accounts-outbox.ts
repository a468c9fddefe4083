/** The outbox, aborting and closing: part of the accounts contract. */
import { expect, test } from "bun:test";
import type { Scene } from "./accounts-scene.ts";
import { rejection } from "./rejection.ts";
import { addUser, START } from "./accounts-scene.ts";

export function outboxContract(scene: () => Scene): void {
  test("[X13] rows stay in order until removed, also over a restart", async () => {
    const amy = await addUser(scene(), "amy");
    const bob = await addUser(scene(), "bob");
    const { users, contacts } = scene().accounts;
    await users.update(amy, { name: "Amy" }, START + 1);
    await contacts.put({ user_id: amy, other_id: bob, now: START + 2, max: 100 });
    await users.update(bob, { about: "b" }, START + 3);
    await scene().reopen();

    const { outbox } = scene().accounts;
    const rows = await outbox.take(10);
    const shown = rows.map(({ id: _id, ...row }) => row);
    expect(shown).toEqual([
      { user_id: amy, change: { kind: "profile" }, created_at: START + 1 },
      { user_id: amy, change: { kind: "contacts", other_id: bob }, created_at: START + 2 },
      { user_id: bob, change: { kind: "profile" }, created_at: START + 3 },
    ]);
    expect(await outbox.take(2)).toEqual(rows.slice(0, 2));
    expect(await outbox.takeOf(amy, 10)).toEqual(rows.slice(0, 2));
    expect(await outbox.takeOf(amy, 1)).toEqual(rows.slice(0, 1));
    expect(await outbox.takeOf(bob, 10)).toEqual(rows.slice(2));
    await outbox.remove(rows.slice(0, 2).map((row) => row.id));
    await outbox.remove([]);
    expect(await outbox.take(10)).toEqual(rows.slice(2));
  });

  test("[X13] an id is never given out again", async () => {
    const amy = await addUser(scene(), "amy");
    const ids: number[] = [];
    for (let i = 0; i < 5; i++) {
      await scene().accounts.users.update(amy, { about: `${i}` }, START + i);
      const [row] = await scene().accounts.outbox.take(1);
      ids.push(row?.id ?? 0);
      await scene().accounts.outbox.remove(ids);
      await scene().reopen();
    }
    expect(new Set(ids).size).toBe(5);
    expect([...ids].sort((a, b) => a - b)).toEqual(ids);
  });

  test("more rows than one statement takes are removed in one call", async () => {
    const amy = await addUser(scene(), "amy");
    for (let i = 0; i < 1_100; i++) {
      await scene().accounts.users.update(amy, { about: `${i}` }, START + i);
    }
    const rows = await scene().accounts.outbox.take(10_000);
    expect(rows).toHaveLength(1_100);
    await scene().accounts.outbox.remove(rows.map((row) => row.id));
    expect(await scene().accounts.outbox.take(10)).toEqual([]);
    // A thousand commits, each on a disk that is somebody else's.
  }, 60_000);

  test("an aborted signal rejects before anything is written", async () => {
    const amy = await addUser(scene(), "amy");
    const { users, outbox } = scene().accounts;
    const signal = AbortSignal.abort(new Error("enough"));
    expect(await rejection(users.update(amy, { name: "Amy" }, START, signal))).toMatchObject({
      message: "enough",
    });
    expect(await rejection(users.byIds([amy], signal))).toMatchObject({ message: "enough" });
    expect(await rejection(outbox.take(1, signal))).toMatchObject({ message: "enough" });
    expect(await users.byIds([amy])).toMatchObject([{ name: "AMY" }]);
    expect(await outbox.take(1)).toEqual([]);
  });

  test("a closed store rejects with a failure that names itself", async () => {
    const amy = await addUser(scene(), "amy");
    const { accounts } = scene();
    await accounts.close();
    expect(await rejection(accounts.users.byIds([amy]))).toMatchObject({ code: "unavailable" });
    expect(await rejection(accounts.users.update(amy, {}, START))).toMatchObject({
      code: "unavailable",
    });
    await scene().reopen();
  });
}
