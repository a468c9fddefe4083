import { expect, test } from "bun:test";
import { groupId, userId } from "../testing/records.ts";
import { events } from "./events.ts";

const typing = { channel: groupId(1), user_id: userId(1) };

test("a listener that throws does not stop the others", async () => {
  const reported: unknown[] = [];
  const { on, emit, subscribe, notify } = events((error) => reported.push(error));
  const heard: string[] = [];
  on("typing", () => {
    throw new Error("mine");
  });
  on("typing", () => heard.push("typing"));
  subscribe(() => {
    throw new Error("mine too");
  });
  subscribe((topic) => heard.push(topic));
  emit("typing", typing);
  notify("state");
  await Promise.resolve();
  await Promise.resolve();
  expect(heard).toEqual(["typing", "state"]);
  expect(reported).toHaveLength(2);
});

test("a topic is told once for all changes of a moment, after them", async () => {
  const { subscribe, notify } = events();
  const heard: string[] = [];
  subscribe((topic) => heard.push(topic));
  for (const topic of ["channels", "state", "channels"] as const) notify(topic);
  expect(heard).toEqual([]);
  await Promise.resolve();
  await Promise.resolve();
  expect(heard).toEqual(["channels", "state"]);
});

test("who has unsubscribed hears nothing", () => {
  const { on, emit } = events();
  const heard: string[] = [];
  const off = on("typing", () => heard.push("typing"));
  off();
  emit("typing", typing);
  expect(heard).toEqual([]);
});
