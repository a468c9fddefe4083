import { expect, test } from "bun:test";
import { isChannelId } from "@damso/protocol/ids";
import type { ClientId, UserId } from "@damso/protocol/ids";
import { person } from "../shard/scene.testing.ts";
import { groupId } from "./group-id.ts";
import { decideCreate, decideDepart, decidePutMember, decideRemove } from "./members.ts";
import {
  ann,
  bob,
  codeOf,
  direct,
  eve,
  group,
  GROUP,
  must,
  profileOf,
  told,
  world,
} from "./scene.testing.ts";
import { decideBlock, decidePatch } from "./settings.ts";

const everyone = new Map([ann, bob, eve].map((user_id) => [user_id, profileOf(user_id)]));
const client_id = "019ab000-0000-7000-8000-000000000001" as ClientId;
const create = { user_id: ann, channel: GROUP, client_id, members: [bob], name: "team" };

function check(title: string, expected: string, run: () => string): void {
  test(title, () => expect(run()).toBe(expected));
}

const many = (count: number): UserId[] => Array.from({ length: count }, (_, n) => person(n + 1));
const profiles = new Map(many(150).map((user_id) => [user_id, profileOf(user_id)]));

test("[D5] a group begins with a system message that its creator owns", () => {
  const decision = must(decideCreate(undefined, create, everyone, world()));
  expect(told(decision)).toEqual(["joined:ann,bob", "message:ann,bob"]);
  expect([...(decision.channel?.members ?? [])].map(([, { role }]) => role)).toEqual([
    "owner",
    "member",
  ]);
  expect(decision.channel?.last?.system).toEqual({
    event: "created",
    by: ann,
    users: [ann, bob],
    name: "team",
  });
});

test("[D3] the same creation again finds the same group; another one in its place is told to go on", () => {
  expect(groupId(ann, client_id)).toBe(groupId(ann, client_id));
  expect(groupId(ann, client_id)).not.toBe(groupId(bob, client_id));
  expect(groupId(ann, client_id)).not.toBe(groupId(ann, client_id, 1));
  for (const year of ["00000000", "ffffffff"]) {
    expect(isChannelId(groupId(ann, `${year}${client_id.slice(8)}` as ClientId))).toBe(true);
  }
  const made = group([ann, bob], { client_id });
  expect(must(decideCreate(made, create, everyone, world())).puts).toEqual([]);
  expect(
    codeOf(
      decideCreate(group([ann, bob], { created_by: bob, client_id }), create, everyone, world()),
    ),
  ).toBe("conflict");
});

check("[D9] a group of 100", "ok", () =>
  codeOf(decideCreate(undefined, { ...create, members: many(100) }, profiles, world())),
);
check("[D9] a group of 101", "group_full", () =>
  codeOf(decideCreate(undefined, { ...create, members: many(101) }, profiles, world())),
);
check("[D9] the 101st member", "group_full", () => {
  const add = { user_id: ann, channel: GROUP, member: person(101) };
  return codeOf(decidePutMember(group(many(100)), add, profiles, world()));
});
check("[D9] a member that does not exist", "not_found", () =>
  codeOf(
    decideCreate(
      undefined,
      { ...create, members: ["1000000000000000000" as UserId] },
      everyone,
      world(),
    ),
  ),
);
check("[D8] someone who has blocked the inviter", "blocked", () => {
  const blocking = new Map(everyone).set(bob, { ...profileOf(bob), blocks: new Set([ann]) });
  return codeOf(decideCreate(undefined, create, blocking, world()));
});
check("[D8] someone who lets no strangers write", "forbidden", () => {
  const shy = new Map(everyone).set(bob, { ...profileOf(bob), who_may_message: "nobody" as const });
  return codeOf(decideCreate(undefined, create, shy, world()));
});

test("[D5][D6] a joiner is a member from the seq of the join on, and sees nothing older", () => {
  const decision = must(
    decidePutMember(group(), { user_id: ann, channel: GROUP, member: eve }, everyone, world()),
  );
  expect(decision.channel?.members.get(eve)).toEqual({
    role: "member",
    joined_at_seq: 11,
    visible_from: 11,
  });
  expect(told(decision)).toEqual(["joined:eve", "message:ann,bob,eve", "changed:ann,bob"]);
});

test("[D6] where the history is open a joiner sees all of it", () => {
  const open = group([ann, bob], { settings: { history: "all", invite: "members" } });
  const decision = must(
    decidePutMember(open, { user_id: ann, channel: GROUP, member: eve }, everyone, world()),
  );
  expect(decision.channel?.members.get(eve)?.visible_from).toBe(1);
});

test("[D5] a leaver is told that, and nothing later", () => {
  const decision = must(
    decideRemove(group([ann, bob, eve]), { user_id: eve, channel: GROUP, member: eve }, world()),
  );
  expect(told(decision)).toEqual(["left:eve", "message:ann,bob", "changed:ann,bob"]);
  expect(decision.channel?.members.has(eve)).toBe(false);
});

test("[D19] when the owner leaves the oldest admin follows, else the oldest member", () => {
  const next = must(
    decideRemove(group([ann, bob, eve]), { user_id: ann, channel: GROUP, member: ann }, world()),
  ).channel;
  expect(next?.members.get(bob)?.role).toBe("owner");
  const plain = group([ann, bob, eve]);
  const members = new Map(plain.members).set(bob, {
    role: "member",
    joined_at_seq: 9,
    visible_from: 1,
  });
  const heir = must(
    decideRemove({ ...plain, members }, { user_id: ann, channel: GROUP, member: ann }, world()),
  ).channel;
  expect(heir?.members.get(eve)?.role).toBe("owner");
});

test("[D19] ownership is passed on, and there is one owner", () => {
  const give = { user_id: ann, channel: GROUP, member: bob, role: "owner" as const };
  const members = must(decidePutMember(group(), give, everyone, world())).channel?.members;
  expect([members?.get(ann)?.role, members?.get(bob)?.role]).toEqual(["admin", "owner"]);
});

const trio = group([ann, bob, eve]);
check("[D19] a member removes nobody", "forbidden", () =>
  codeOf(decideRemove(trio, { user_id: eve, channel: GROUP, member: bob }, world())),
);
check("[D19] an admin does not remove the owner", "forbidden", () =>
  codeOf(decideRemove(trio, { user_id: bob, channel: GROUP, member: ann }, world())),
);
check("[D19] an admin removes a member", "ok", () =>
  codeOf(decideRemove(trio, { user_id: bob, channel: GROUP, member: eve }, world())),
);
check("[D19] an admin gives no roles", "forbidden", () =>
  codeOf(
    decidePutMember(
      trio,
      { user_id: bob, channel: GROUP, member: eve, role: "admin" },
      everyone,
      world(),
    ),
  ),
);
check("[D19] a member renames nothing", "forbidden", () =>
  codeOf(decidePatch(trio, { user_id: eve, channel: GROUP, name: "x" }, world())),
);
check("[D19] where admins invite, a member does not", "forbidden", () => {
  const strict = group([ann, bob, eve], { settings: { history: "from_join", invite: "admins" } });
  return codeOf(
    decidePutMember(strict, { user_id: eve, channel: GROUP, member: person(4) }, profiles, world()),
  );
});
check("[D4] a direct channel keeps its two members", "forbidden", () =>
  codeOf(decideRemove(direct(), { user_id: ann, channel: direct().id, member: ann }, world())),
);

test("[D19] a change of the name stands in the order", () => {
  const decision = must(decidePatch(trio, { user_id: ann, channel: GROUP, name: "new" }, world()));
  expect(decision.channel?.last?.system).toEqual({ event: "renamed", by: ann, name: "new" });
  expect(
    must(
      decidePatch({ ...trio, name: "new" }, { user_id: ann, channel: GROUP, name: "new" }, world()),
    ).puts,
  ).toEqual([]);
});

test("[D8] a block is told to who blocked and to no one else, and can be lifted", () => {
  const channel = direct({ head: 3 });
  const on = { user_id: ann, channel: channel.id, on: true };
  const decision = must(decideBlock(channel, on));
  expect(told(decision)).toEqual(["changed:ann"]);
  expect(decision.channel?.blocked_by).toEqual([ann]);
  expect(must(decideBlock({ ...channel, blocked_by: [ann] }, on)).puts).toEqual([]);
  expect(
    must(decideBlock({ ...channel, blocked_by: [ann] }, { ...on, on: false })).channel?.blocked_by,
  ).toEqual([]);
});

test("[X12] an account that goes leaves its groups and closes its direct channels", () => {
  expect(
    must(decideDepart(trio, { user_id: eve, channel: GROUP }, world())).channel?.members.has(eve),
  ).toBe(false);
  const closed = must(
    decideDepart(direct({ head: 2 }), { user_id: ann, channel: direct().id }, world()),
  );
  expect(closed.channel?.closed).toBe(true);
  expect(told(closed)).toEqual(["changed:bob"]);
});
