import { beforeEach, describe, expect, test } from "bun:test";
import { done, refuse } from "@damso/core/result";
import { directChannel } from "@damso/protocol/ids";
import type { Identity } from "../gateway/types.ts";
import { ANN, BEN, CAT, createScene, NOW } from "./scene.testing.ts";
import type { Scene } from "./scene.testing.ts";

const SINCE = new Date(NOW).toISOString();

let scene: Scene;
let ann: Identity;
beforeEach(async () => {
  scene = createScene();
  ann = await scene.join(ANN, "ann");
  await scene.join(BEN, "ben");
});

describe("profiles", () => {
  test("[P25] another's profile is public fields and nothing else", async () => {
    await scene.accounts.users.update(BEN, { locale: "ko", about: "hi" }, NOW);
    const profile = { user_id: BEN, username: "ben", name: "BEN", about: "hi" };
    expect((await scene.call("GET", `/v1/users/${BEN}`, { as: ann })).body).toEqual(profile);
    expect((await scene.call("GET", "/v1/users?username=ben", { as: ann })).body).toEqual(profile);
  });

  test("nobody of this id or name is not_found", async () => {
    const paths = [
      `/v1/users/${CAT}`,
      "/v1/users/7",
      "/v1/users?username=cat",
      "/v1/users?username=%00",
    ];
    for (const path of paths) {
      expect((await scene.call("GET", path, { as: ann })).status).toBe(404);
    }
    expect((await scene.call("GET", "/v1/users", { as: ann })).body["code"]).toBe("invalid");
  });

  test("[X1] what can be nobody's name is not looked up: a store may not even take it", async () => {
    scene.accounts.users.byUsername = () => Promise.reject(new Error("no such text"));
    for (const username of ["%00", "a%00b", "Ben", "ab", "x".repeat(5000)]) {
      const got = await scene.call("GET", `/v1/users?username=${username}`, { as: ann });
      expect(got.status).toBe(404);
    }
  });
});

describe("contacts", () => {
  test("[X9] are put twice, listed, and removed twice, with the same answers", async () => {
    for (let i = 0; i < 2; i++) {
      expect((await scene.call("PUT", `/v1/contacts/${BEN}`, { as: ann })).status).toBe(204);
    }
    const contacts = [{ user_id: BEN, username: "ben", name: "BEN", since: SINCE }];
    expect((await scene.call("GET", "/v1/contacts", { as: ann })).body).toEqual({ contacts });
    for (let i = 0; i < 2; i++) {
      expect((await scene.call("DELETE", `/v1/contacts/${BEN}`, { as: ann })).status).toBe(204);
    }
    expect((await scene.call("GET", "/v1/contacts", { as: ann })).body).toEqual({ contacts: [] });
    expect(scene.asked).toEqual([]);
    expect(scene.settled.settles).toBe(4);
  });

  test("[X9] of nobody, or of oneself, are not_found", async () => {
    for (const user_id of [CAT, ANN]) {
      expect((await scene.call("PUT", `/v1/contacts/${user_id}`, { as: ann })).status).toBe(404);
    }
  });
});

describe("blocks", () => {
  const channel = directChannel(ANN, BEN);
  const block = () => scene.call("PUT", `/v1/blocks/${BEN}`, { as: ann });
  const unblock = () => scene.call("DELETE", `/v1/blocks/${BEN}`, { as: ann });
  const listed = async (): Promise<unknown[]> =>
    (await scene.call("GET", "/v1/blocks", { as: ann })).body["blocks"] as unknown[];

  test("[X10] are in the list only when the channel has committed them", async () => {
    const seen: [boolean, number][] = [];
    scene.answering.block = async ({ on }) => {
      seen.push([on, (await listed()).length]);
      return done({});
    };
    expect((await block()).status).toBe(204);
    expect(await listed()).toEqual([{ user_id: BEN, username: "ben", name: "BEN", since: SINCE }]);
    expect((await unblock()).status).toBe(204);
    expect(await listed()).toEqual([]);
    // Before each of the two commits the list said what held before it; then the channel is told what it says.
    expect(seen).toEqual([
      [true, 0],
      [true, 1],
      [false, 1],
      [false, 0],
    ]);
    expect(scene.asked[0]).toEqual({ kind: "block", user_id: ANN, channel, on: true } as never);
  });

  test("[X10] that the channel refuses change nothing", async () => {
    scene.answering.block = () => refuse("unavailable");
    expect((await block()).status).toBe(503);
    expect(await listed()).toEqual([]);
  });

  test("[X10] that the list has no room for are lifted again", async () => {
    scene.accounts.contacts.putBlock = async () => "full";
    expect((await block()).body["code"]).toBe("forbidden");
    expect(scene.asked.map((command) => command.kind === "block" && command.on)).toEqual([
      true,
      false,
    ]);
  });

  test("[X10] of nobody, or of an account that was deleted, are refused before the channel is asked", async () => {
    await scene.accounts.users.remove(BEN, NOW);
    for (const user_id of [BEN, CAT]) {
      const got = await scene.call("PUT", `/v1/blocks/${user_id}`, { as: ann });
      expect(got.body["code"]).toBe("not_found");
    }
    expect(scene.asked).toEqual([]);
  });

  test("[X10] of an account that is deleted meanwhile are lifted again", async () => {
    scene.answering.block = async ({ on }) => {
      if (on) await scene.accounts.users.remove(BEN, NOW);
      return done({});
    };
    expect((await block()).body["code"]).toBe("not_found");
    expect(scene.asked.map((command) => command.kind === "block" && command.on)).toEqual([
      true,
      false,
    ]);
  });

  test("nobody blocks himself", async () => {
    for (const method of ["PUT", "DELETE"]) {
      expect((await scene.call(method, `/v1/blocks/${ANN}`, { as: ann })).status).toBe(404);
    }
    expect(scene.asked).toEqual([]);
  });
});

describe("presence", () => {
  test("[R3] is asked once for each user named, as its viewer", async () => {
    scene.answering.presence = ({ user_id }) => done({ user_id, state: "online" });
    const path = `/v1/presence?users=${BEN},${CAT},${BEN}`;
    const { body } = await scene.call("GET", path, { as: ann });
    expect(body).toEqual({
      presence: [
        { user_id: BEN, state: "online" },
        { user_id: CAT, state: "online" },
      ],
    });
    expect(scene.asked).toContainEqual({ kind: "presence", user_id: BEN, viewer: ANN } as never);
  });

  test("[R3] of a user whose home does not answer nothing is said", async () => {
    scene.answering.presence = ({ user_id }) =>
      user_id === CAT ? refuse("unavailable") : done({ user_id, state: "offline" });
    const { body } = await scene.call("GET", `/v1/presence?users=${BEN},${CAT}`, { as: ann });
    expect(body).toEqual({ presence: [{ user_id: BEN, state: "offline" }] });
  });

  test("[P20] is asked of 200 users at the most", async () => {
    scene.answering.presence = ({ user_id }) => done({ user_id, state: "offline" });
    const ids = (n: number) => Array.from({ length: n }, () => BEN).join();
    const ask = (n: number) => scene.call("GET", `/v1/presence?users=${ids(n)}`, { as: ann });
    expect([(await ask(200)).status, (await ask(201)).status]).toEqual([200, 400]);
  });
});
