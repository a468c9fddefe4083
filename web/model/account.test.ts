import { expect, test } from "bun:test";
import type { Me } from "@damso/sdk";
import { DamsoError } from "@damso/sdk";
import { createScene, settle } from "../testing/context.ts";
import { at, direct, me as myId, talk, userId } from "../testing/scene.ts";
import { createAccount } from "./account.ts";
import { createRelations } from "./relations.ts";
import { createReporting } from "./report.ts";

const me: Me = {
  user_id: myId,
  username: "user1",
  name: "민서",
  avatar: "m0",
  created_at: at(9),
  settings: {
    presence: "everyone",
    who_may_message: "everyone",
    receipts: true,
    push: { direct: "all", group: "all" },
    private_push: false,
  },
};

function open() {
  const scene = createScene([talk(direct(2), [1, 2], [])]);
  const { report } = createReporting(scene.context);
  const { fake } = scene;
  let now = me;
  fake.me.get = async () => now;
  fake.me.update = async ({ settings, password: _, ...patch }) => {
    fake.calls.push(["me.update", settings ?? patch]);
    now = { ...now, ...patch, settings: { ...now.settings, ...settings } } as Me;
    return now;
  };
  return { ...scene, report, account: createAccount(scene.context, report) };
}

test("a setting shows at once, and goes back when it is refused", async () => {
  const { account, fake } = open();
  await account.load();
  const presence = (): unknown => account.me.value?.settings.presence;
  const changing = account.set({ presence: "nobody" });
  expect(presence()).toBe("nobody");
  expect(await changing).toBe(true);
  fake.me.update = () => Promise.reject(new DamsoError("disconnected"));
  const refused = account.set({ presence: "everyone" });
  expect(presence()).toBe("everyone");
  expect(await refused).toBe(false);
  expect(presence()).toBe("nobody");
});

test("a new picture takes the place of the earlier one, which is deleted", async () => {
  const { account, fake, context } = open();
  await account.load();
  await account.setPicture({ name: "face.jpg", type: "image/jpeg", bytes: 3, source: {} });
  await settle();
  expect(context.people.profileOf(myId)?.avatar).toBe("m1");
  expect(fake.calls).toEqual([
    ["upload", "face.jpg"],
    ["me.update", { avatar: "m1" }],
    ["DELETE", "/v1/media/m0", undefined],
  ]);
});

test("what did not load says so, until it is there", async () => {
  const { account, fake } = open();
  fake.me.get = () => Promise.reject(new DamsoError("timeout"));
  await account.load();
  expect([account.failed.value, account.me.value]).toEqual([true, undefined]);
  fake.me.get = async () => me;
  await account.load();
  expect([account.failed.value, account.me.value?.name]).toEqual([false, "민서"]);
});

test("friends and blocks follow what is done, here and on other devices", async () => {
  const { context, fake, report } = open();
  const blocked = new Set<string>();
  fake.blocks.add = async (user_id) => void blocked.add(user_id);
  fake.blocks.list = async () =>
    [...blocked].map(() => ({ user_id: userId(3), username: "user3", name: "Sam", since: at(1) }));
  const { blocks, contacts, stop } = createRelations(context, report);
  await blocks.load();
  expect([blocks.list.value, blocks.has(userId(3))]).toEqual([[], false]);
  expect(await blocks.add(userId(3))).toBe(true);
  expect(blocks.has(userId(3))).toBe(true);
  await contacts.load();
  expect(contacts.list.value).toHaveLength(4);
  stop();
});

test("a picture that is taken away leaves the server", async () => {
  const { account, fake } = open();
  await account.load();
  await account.update({ avatar: null });
  await settle();
  expect(fake.calls.at(-1)).toEqual(["DELETE", "/v1/media/m0", undefined]);
});
