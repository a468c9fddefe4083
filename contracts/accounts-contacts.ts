/** Contacts and blocks: part of the accounts contract. */
import { expect, test } from "bun:test";
import type { UserId } from "@damso/protocol/ids";
import type { Scene } from "./accounts-scene.ts";
import { addUser, changesOf, newId, START } from "./accounts-scene.ts";

export function contactsContract(scene: () => Scene): void {
  test("[X9] contacts are listed oldest first, and a repeat changes nothing", async () => {
    const user_id = await addUser(scene(), "amy");
    const bob = await addUser(scene(), "bob");
    const cat = await addUser(scene(), "cat");
    const { contacts } = scene().accounts;
    expect(await contacts.put({ user_id, other_id: cat, now: START, max: 100 })).toBe("ok");
    expect(await contacts.put({ user_id, other_id: bob, now: START + 1, max: 100 })).toBe("ok");
    expect(await contacts.put({ user_id, other_id: cat, now: START + 2, max: 100 })).toBe("ok");
    const listed = [
      { user_id: cat, created_at: START },
      { user_id: bob, created_at: START + 1 },
    ];
    expect(await contacts.list(user_id)).toEqual(listed);
    await contacts.remove({ user_id, other_id: cat, now: START + 3 });
    await contacts.remove({ user_id, other_id: cat, now: START + 4 });
    expect(await contacts.list(user_id)).toEqual(listed.slice(1));
    expect(await contacts.listBlocks(user_id)).toEqual([]);
    expect(await changesOf(scene(), user_id)).toEqual([
      { kind: "contacts", other_id: cat },
      { kind: "contacts", other_id: bob },
      { kind: "contacts", other_id: cat },
    ]);
    expect(await changesOf(scene(), cat)).toEqual([]);
  });

  test("[X10] blocks are a list of their own", async () => {
    const user_id = await addUser(scene(), "amy");
    const other_id = await addUser(scene(), "bob");
    const { contacts } = scene().accounts;
    expect(await contacts.putBlock({ user_id, other_id, now: START, max: 100 })).toBe("ok");
    expect(await contacts.putBlock({ user_id, other_id, now: START + 1, max: 100 })).toBe("ok");
    expect(await contacts.listBlocks(user_id)).toEqual([{ user_id: other_id, created_at: START }]);
    expect(await contacts.list(user_id)).toEqual([]);
    expect(await contacts.isBlocked({ user_id, other_id })).toBe(true);
    expect(await contacts.isBlocked({ user_id: other_id, other_id: user_id })).toBe(false);
    await contacts.removeBlock({ user_id, other_id, now: START + 2 });
    expect(await contacts.listBlocks(user_id)).toEqual([]);
    expect(await contacts.isBlocked({ user_id, other_id })).toBe(false);
    const block = { kind: "blocks", other_id } as const;
    expect(await changesOf(scene(), user_id)).toEqual([block, block]);
  });

  test("only living users can be listed, and nobody lists himself", async () => {
    const user_id = await addUser(scene(), "amy");
    const gone = await addUser(scene(), "bob");
    const { contacts, users } = scene().accounts;
    await users.remove(gone, START);
    for (const other_id of [gone, user_id, newId<UserId>()]) {
      expect(await contacts.put({ user_id, other_id, now: START, max: 100 })).toBe("not_found");
      expect(await contacts.putBlock({ user_id, other_id, now: START, max: 100 })).toBe(
        "not_found",
      );
    }
    expect(await contacts.put({ user_id: gone, other_id: user_id, now: START, max: 100 })).toBe(
      "not_found",
    );
    expect(await contacts.list(user_id)).toEqual([]);
    expect(await changesOf(scene(), user_id)).toEqual([]);
  });

  test("[I20] a list has an end", async () => {
    const user_id = await addUser(scene(), "amy");
    const bob = await addUser(scene(), "bob");
    const cat = await addUser(scene(), "cat");
    const dan = await addUser(scene(), "dan");
    const { contacts } = scene().accounts;
    const add = (other_id: UserId) => contacts.put({ user_id, other_id, now: START, max: 2 });
    expect(await add(bob)).toBe("ok");
    expect(await add(cat)).toBe("ok");
    expect(await add(dan)).toBe("full");
    expect(await add(bob)).toBe("ok");
    expect(await contacts.list(user_id)).toHaveLength(2);
    await contacts.remove({ user_id, other_id: bob, now: START });
    expect(await add(dan)).toBe("ok");
  });
}
