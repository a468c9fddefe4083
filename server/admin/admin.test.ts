import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { directChannel } from "@damso/protocol/ids";
import type { UserId } from "@damso/protocol/ids";
import { PASSWORD } from "../auth/scene.testing.ts";
import type { Client } from "../api/whole.testing.ts";
import { openAdminScene } from "./scene.testing.ts";
import type { AdminOptions, AdminScene } from "./scene.testing.ts";

let at: AdminScene;
let ann: Client;
let ben: Client;
async function open(options?: AdminOptions): Promise<void> {
  at = await openAdminScene(options);
  ann = await at.signUp("ann");
  ben = await at.signUp("ben");
}
beforeEach(() => open());
afterEach(() => at.stop());

const usersOf = async (query = ""): Promise<Record<string, unknown>[]> =>
  (await at.admin("GET", `/v1/admin/users${query}`)).body["users"] as never;
const names = async (query = ""): Promise<unknown[]> =>
  (await usersOf(query)).map(({ username }) => username);

describe("users", () => {
  test("are listed newest first and in pages, with their sessions", async () => {
    await at.logIn("ann");
    expect(await names()).toEqual(["ben", "ann"]);
    const page = await at.admin("GET", "/v1/admin/users?limit=1");
    expect(page.body).toMatchObject({ users: [{ username: "ben", sessions: 1 }], more: true });
    const rest = await at.admin("GET", `/v1/admin/users?limit=1&before=${ben.user_id}`);
    expect(rest.body).toMatchObject({ users: [{ username: "ann", sessions: 2 }], more: false });
  });

  test("are found by username, name and id", async () => {
    await ben.ask("PATCH", "/v1/me", { name: "김담소" });
    expect(await names("?q=AN")).toEqual(["ann"]);
    expect(await names(`?q=${encodeURIComponent("담소")}`)).toEqual(["ben"]);
    expect(await names(`?q=${ann.user_id}`)).toEqual(["ann"]);
    expect(await names("?q=nobody")).toEqual([]);
  });

  test("[A8] the people of demos are listed for who asks for them only, and pages are full without them", async () => {
    for (const digits of ["0123456789ab", "ba9876543210"]) await at.signUp(`demo-${digits}`);
    await at.signUp("demo-day");
    expect(await names()).toEqual(["demo-day", "ben", "ann"]);
    const page = await at.admin("GET", "/v1/admin/users?limit=2");
    expect(page.body).toMatchObject({ users: [{}, { username: "ben" }], more: true });
    const last = await at.admin("GET", `/v1/admin/users?limit=2&before=${ben.user_id}`);
    expect(last.body).toMatchObject({ users: [{ username: "ann" }], more: false });
    expect(await names("?q=demo-")).toEqual(["demo-day", "demo-ba9876543210", "demo-0123456789ab"]);
  });

  test("[A3] a user's page has sessions and kinds of push, and nothing that lets anybody in", async () => {
    const subscription = { kind: "fcm", token: "push-address-1" };
    await ann.ask("PUT", `/v1/push/${ann.device_id}`, subscription);
    const { body } = await at.admin("GET", `/v1/admin/users/${ann.user_id}`);
    expect(body).toMatchObject({ username: "ann", devices: [{ push: "fcm" }] });
    const text = JSON.stringify(body);
    for (const secret of ["push-address-1", "hash", "argon2", "token"])
      expect(text).not.toContain(secret);
    expect((await at.admin("GET", "/v1/admin/users/1000000000000000999")).status).toBe(404);
  });

  test("[A3] nobody hides a user by taking the id as a name", async () => {
    await ben.ask("PATCH", "/v1/me", { name: ann.user_id });
    expect(await names(`?q=${ann.user_id}`)).toEqual(["ben", "ann"]);
    const { body } = await at.admin("GET", `/v1/admin/users/${ann.user_id}`);
    expect(body["username"]).toBe("ann");
  });

  test("[A4] a disabled one is out at once and stays out, until enabled again", async () => {
    const path = `/v1/admin/users/${ann.user_id}/disabled`;
    const logIn = async (password: string): Promise<unknown> =>
      (await at.call("POST", "/v1/login", { body: { username: "ann", password } })).body["code"];
    expect((await at.admin("PUT", path)).status).toBe(204);
    expect((await at.admin("PUT", path)).status).toBe(204);
    expect((await ann.ask("GET", "/v1/me")).status).toBe(401);
    expect(await logIn(PASSWORD)).toBe("forbidden");
    expect(await logIn("another password")).toBe("wrong_credentials");
    expect(await usersOf("?q=ann")).toMatchObject([{ disabled: true, sessions: 0 }]);
    // What was said stays, and others go on as before.
    const channel = directChannel(ann.user_id, ben.user_id);
    const sent = { client_id: at.client_id(), body: "are you there?" };
    expect((await ben.ask("POST", `/v1/channels/${channel}/messages`, sent)).status).toBe(201);

    expect((await at.admin("DELETE", path)).status).toBe(204);
    expect(await logIn(PASSWORD)).toBeUndefined();
    expect(await usersOf("?q=ann")).toMatchObject([{ disabled: false }]);
  });

  test("[A4] who is not there cannot be disabled", async () => {
    const path = "/v1/admin/users/1000000000000000999/disabled";
    expect((await at.admin("PUT", path)).body["code"]).toBe("not_found");
    await ann.ask("DELETE", "/v1/me", { password: PASSWORD });
    const gone = `/v1/admin/users/${ann.user_id}/disabled`;
    expect((await at.admin("PUT", gone)).body["code"]).toBe("not_found");
    expect(await usersOf("?q=ann")).toMatchObject([{ deleted: true, name: "" }]);
  });

  test("[A5] one session ends, then all", async () => {
    const phone = await at.logIn("ann");
    const { body } = await at.admin("GET", `/v1/admin/users/${ann.user_id}`);
    const devices = body["devices"] as { device_id: string; session_id: string }[];
    const first = devices.find(({ device_id }) => device_id === ann.device_id);
    const sessions = `/v1/admin/users/${ann.user_id}/sessions`;
    expect((await at.admin("DELETE", `${sessions}/${first?.session_id}`)).status).toBe(204);
    expect((await ann.ask("GET", "/v1/me")).status).toBe(401);
    expect((await phone.ask("GET", "/v1/me")).status).toBe(200);
    expect((await at.admin("DELETE", `${sessions}/${first?.session_id}`)).status).toBe(404);
    expect((await at.admin("DELETE", sessions)).status).toBe(204);
    expect((await phone.ask("GET", "/v1/me")).status).toBe(401);
    expect((await ben.ask("GET", "/v1/me")).status).toBe(200);
  });
});

describe("channels", () => {
  const SECRET = "nobody else's business";

  test("[A3] are told as members and counts, never what is said in them", async () => {
    const made = await ann.ask("POST", "/v1/channels", { name: "Walks", members: [ben.user_id] });
    const group = String(made.body["id"]);
    const direct = directChannel(ann.user_id, ben.user_id);
    for (const channel of [group, direct]) {
      const message = { client_id: at.client_id(), body: SECRET };
      await ben.ask("POST", `/v1/channels/${channel}/messages`, message);
      await ann.ask("PATCH", `/v1/channels/${channel}/me`, { draft: SECRET });
    }
    const one = await at.admin("GET", `/v1/admin/channels/${group}`);
    expect(one.body).toMatchObject({ kind: "group", name: "Walks", messages: 2, pins: 0 });
    expect(one.body["members"]).toHaveLength(2);
    const other = await at.admin("GET", `/v1/admin/channels/${direct}`);
    expect(other.body).toMatchObject({ kind: "direct", messages: 1 });
    const list = await at.admin("GET", `/v1/admin/users/${ann.user_id}/channels?limit=1`);
    expect(list.body).toMatchObject({ channels: [{ channel_id: direct }] });
    const next = await at.admin(
      "GET",
      `/v1/admin/users/${ann.user_id}/channels?cursor=${String(list.body["cursor"])}`,
    );
    expect(next.body).toMatchObject({ channels: [{ channel_id: group }] });
    const told = JSON.stringify([one, other, list, next]);
    expect(told).not.toContain(SECRET);
  });

  test("one that is not there is not found", async () => {
    const nobody = "1900000000000000001" as UserId;
    const paths = ["g1900000000000000001", directChannel(nobody, nobody)];
    for (const channel of paths) {
      expect((await at.admin("GET", `/v1/admin/channels/${channel}`)).status).toBe(404);
    }
  });
});

describe("the node", () => {
  test("[A6] tells its own load, and of others what discovery says", async () => {
    const record = { roles: ["api"], region: "r", zone: "z", capacity: 5, draining: false };
    at.nodes.push({ node_id: "node-1", connections: 1, ...record });
    at.nodes.push({ node_id: "node-2", connections: 2, ...record });
    const { body } = await at.admin("GET", "/v1/admin/overview");
    expect(body).toMatchObject({ node_id: "node-1", version: "1.2.3", push_test: false });
    const [own, other] = body["nodes"] as Record<string, unknown>[];
    expect(own).toMatchObject({ node_id: "node-1", load: { sockets: 0, sizes: { channels: 3 } } });
    expect(other).toMatchObject({ node_id: "node-2", connections: 2 });
    expect(other).not.toHaveProperty("load");
    expect(other).not.toHaveProperty("shards");
  });

  test("[A6] in a cluster every node has its shards beside it", async () => {
    await at.stop();
    await open({ changes: { in_cluster: true } });
    const record = { roles: ["shard"], region: "r", zone: "z", capacity: 5, draining: false };
    at.nodes.push({ node_id: "node-2", connections: 2, ...record });
    const { body } = await at.admin("GET", "/v1/admin/overview");
    expect(body["nodes"]).toMatchObject([{ node_id: "node-2", shards: 1 }, { node_id: "node-1" }]);
  });

  test("[A6] says what does not answer, and goes on", async () => {
    await at.stop();
    const lost = async (): Promise<never> => {
      throw new Error("connect postgres://damso:secret@db failed");
    };
    const never = (): Promise<never> => new Promise(() => {});
    await open({
      changes: {
        discovery: { list: lost, owners: lost },
        rows: { get: never },
        failure: () => new Error("disk full"),
        unready: () => ["draining"],
        timers: { after: (_ms, run) => (queueMicrotask(() => queueMicrotask(run)), () => {}) },
      },
    });
    const { status, body } = await at.admin("GET", "/v1/admin/overview");
    expect(status).toBe(200);
    const checks = body["checks"] as { name: string; ok: boolean; detail?: string }[];
    const failing = checks.filter(({ ok }) => !ok).map(({ name, detail }) => [name, detail]);
    expect(failing).toContainEqual(["discovery", "failed"]);
    expect(failing).toContainEqual(["history", "does not answer"]);
    expect(failing).toContainEqual(["shards", "the store cannot be written to"]);
    expect(failing).toContainEqual(["node", "draining"]);
    expect(JSON.stringify(body)).not.toContain("secret");
    expect(body["nodes"]).toMatchObject([{ node_id: "node-1" }]);
  });
});

describe("the log", () => {
  test("[A7] has another level from now on", async () => {
    const path = "/v1/admin/log-level";
    expect((await at.admin("GET", path)).body).toEqual({ level: "info" });
    expect((await at.admin("PUT", path, { level: "error" })).body).toEqual({ level: "error" });
    expect(at.log_level.level).toBe("error");
    expect((await at.admin("PUT", path, { level: "loud" })).body["code"]).toBe("invalid");
    await at.admin("PUT", path, { level: "debug" });
    expect(at.lines.map((line) => JSON.parse(line))).toMatchObject([
      { by: "token", change: "setLogLevel", to: "error" },
      { by: "token", change: "setLogLevel", to: "debug" },
    ]);
  });

  test("[A7] has every change, who made it and to whom", async () => {
    await at.stop();
    await open({ first_user: true });
    await ann.ask("DELETE", `/v1/admin/users/${ben.user_id}/sessions`);
    await at.admin("PUT", `/v1/admin/users/${ben.user_id}/disabled`);
    await at.admin("PUT", "/v1/admin/users/1000000000000000999/disabled");
    expect(at.lines.map((line) => JSON.parse(line))).toMatchObject([
      { by: ann.user_id, change: "endSessions", user_id: ben.user_id },
      { by: "token", change: "disableUser", user_id: ben.user_id },
    ]);
  });
});

describe("a push test", () => {
  test("is not to be had where nothing is sent", async () => {
    const body = { user_id: ann.user_id };
    expect((await at.admin("POST", "/v1/admin/push-test", body)).body["code"]).toBe("not_found");
  });

  test("asks the sender", async () => {
    await at.stop();
    const asked: string[] = [];
    const testPush = async (user_id: string): Promise<{ devices: number }> => {
      asked.push(user_id);
      return { devices: 2 };
    };
    await open({ changes: { testPush } });
    const { body } = await at.admin("POST", "/v1/admin/push-test", { user_id: ann.user_id });
    expect([body, asked]).toEqual([{ devices: 2 }, [ann.user_id]]);
    expect((await at.admin("GET", "/v1/admin/overview")).body["push_test"]).toBe(true);
  });
});
