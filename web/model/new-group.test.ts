import { expect, test } from "bun:test";
import type { Channel } from "@damso/sdk";
import { DamsoError } from "@damso/sdk";
import { createScene } from "../testing/context.ts";
import { direct, groupId, people, talk, userId } from "../testing/scene.ts";
import { makeGroup } from "./new-group.ts";
import { groupsWith } from "./person.ts";
import { createReporting } from "./report.ts";
import { untilText } from "./until.ts";

const picture = { name: "face.jpg", type: "image/jpeg", bytes: 3, source: {} };
const members = people.slice(1, 3);

function open() {
  const club = talk(groupId(1), [1, 3], [], { name: "Tea" });
  const scene = createScene([talk(direct(2), [1, 2], []), club]);
  const { report, notice } = createReporting(scene.context);
  const { report: after, notice: noticed } = createReporting(scene.context);
  scene.fake.createGroup = async (group) => {
    scene.fake.calls.push(["createGroup", group]);
    return { id: groupId(1) } as Channel;
  };
  scene.fake.updateGroup = async (...call) => void scene.fake.calls.push(["updateGroup", ...call]);
  return { ...scene, report, after, notices: () => [notice.value, noticed.value] };
}

test("a group is made of those who were picked, with a name and a picture if there are any", async () => {
  const { context, fake, report, after } = open();
  expect(await makeGroup(context, { name: " ", members, picture: undefined }, report, after)).toBe(
    groupId(1),
  );
  await makeGroup(context, { name: " Tea ", members, picture }, report, after);
  const ids = [userId(2), userId(3)];
  expect(fake.calls).toEqual([
    ["createGroup", { members: ids }],
    ["createGroup", { name: "Tea", members: ids }],
    ["upload", "face.jpg"],
    ["updateGroup", groupId(1), { avatar: "m1" }],
  ]);
});

test("there is no group of nobody, and none when the server does not make it", async () => {
  const { context, fake, report, after } = open();
  expect(
    await makeGroup(context, { name: "Tea", members: [], picture }, report, after),
  ).toBeUndefined();
  fake.createGroup = () => Promise.reject(new Error("no"));
  expect(
    await makeGroup(context, { name: "Tea", members, picture }, report, after),
  ).toBeUndefined();
  expect(fake.calls).toEqual([]);
});

test("a picture that does not get there is told where the group is seen, and not in the panel that closes", async () => {
  const { context, report, after, notices } = open();
  context.api.upload = () => Promise.reject(new DamsoError("too_large"));
  const draft = { name: "Tea", members, picture };
  expect(await makeGroup(context, draft, report, after)).toBe(groupId(1));
  expect(notices()).toEqual(["", "This is too large."]);
});

test("groups in common are those that both are in", () => {
  const { context } = open();
  expect(groupsWith(context, userId(3)).map(({ id }) => id)).toEqual([groupId(1)]);
  expect(groupsWith(context, userId(2))).toEqual([]);
});

test("until when: the clock today, the day too when it is another one", () => {
  const now = new Date(2026, 2, 12, 9, 0).getTime();
  const later = (day: number): string => new Date(2026, 2, day, 15, 5).toISOString();
  expect(untilText(later(12), now, "en").replace(/\s/g, " ")).toBe("3:05 PM");
  expect(untilText(later(13), now, "en")).toContain("March 13");
  expect(untilText("never", now, "en")).toBe("");
});
