import { afterEach, beforeEach, expect, test } from "bun:test";
import { openWhole } from "./whole.testing.ts";
import type { Client, Whole } from "./whole.testing.ts";

let whole: Whole;
let ann: Client;
let ben: Client;
let cat: Client;
let group = "";
beforeEach(async () => {
  whole = await openWhole();
  ann = await whole.signUp("ann");
  ben = await whole.signUp("ben");
  cat = await whole.signUp("cat");
  const made = await ann.ask("POST", "/v1/channels", { name: "Tea", members: [ben.user_id] });
  group = `/v1/channels/${String(made.body["id"])}`;
});
afterEach(() => whole.stop());

const invite = async (from: Client): Promise<string> => {
  const { body } = await from.ask("POST", `${group}/invite`);
  return `/v1/invites/${String(body["invite"])}`;
};

test("[X14] whoever has the invitation sees the group and joins it, once", async () => {
  const link = await invite(ben);
  const seen = await cat.ask("GET", link);
  expect(seen.body).toMatchObject({ name: "Tea", members: 2, by: { username: "ben" } });
  const joined = await cat.ask("POST", link);
  expect(joined.body["members"]).toContainEqual({ user_id: cat.user_id, role: "member" });
  const again = await cat.ask("POST", link);
  expect(again.body["head"]).toBe(joined.body["head"]);
  const { body } = await ann.ask("GET", group);
  expect(body["last"]).toMatchObject({ system: { event: "joined", by: ben.user_id } });
});

test("[X14] an inviter who left, or may not add any more, invites nobody", async () => {
  const link = await invite(ben);
  await ann.ask("PATCH", group, { settings: { invite: "admins" } });
  expect((await cat.ask("POST", link)).body["code"]).toBe("forbidden");
  expect((await cat.ask("GET", link)).body["code"]).toBe("not_found");
  expect((await ben.ask("POST", `${group}/invite`)).body["code"]).toBe("forbidden");
  await ben.ask("POST", `${group}/leave`);
  expect((await cat.ask("POST", link)).body["code"]).toBe("not_found");
  expect((await cat.ask("GET", group)).body["code"]).toBe("not_member");
});

test("[X14] nobody is invited by a text that this server did not sign", async () => {
  const link = await invite(ann);
  const forged = link.replace(ann.user_id, ben.user_id);
  for (const path of [forged, "/v1/invites/x", `${link}x`]) {
    expect((await cat.ask("GET", path)).body["code"]).toBe("not_found");
    expect((await cat.ask("POST", path)).body["code"]).toBe("not_found");
  }
  expect((await cat.ask("POST", `${group}/invite`)).body["code"]).toBe("not_member");
});
