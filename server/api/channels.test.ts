import { beforeEach, describe, expect, test } from "bun:test";
import { groupId } from "@damso/core/channel/group-id";
import { done, refuse } from "@damso/core/result";
import { isClientId } from "@damso/protocol/ids";
import type { Identity } from "../gateway/types.ts";
import { CHANNEL, CLIENT_ID, OWN, VIEW } from "./records.testing.ts";
import { ANN, BEN, CAT, createScene } from "./scene.testing.ts";
import type { Scene } from "./scene.testing.ts";

const PATH = `/v1/channels/${CHANNEL}`;
const at = { user_id: ANN, channel: CHANNEL };

let scene: Scene;
let ann: Identity;
beforeEach(async () => {
  scene = createScene();
  ann = await scene.join(ANN, "ann");
  scene.answering.own_channel = () => done(OWN);
  scene.answering.view = () => done(VIEW);
});
const kinds = (): string[] => scene.asked.map(({ kind }) => kind);

describe("creating a group", () => {
  const create = (body: object) => scene.call("POST", "/v1/channels", { as: ann, body });

  test("[D3] takes its id from user and client id, so that a repetition asks for the same", async () => {
    const body = { client_id: CLIENT_ID, name: "모임", members: [BEN, CAT] };
    for (let i = 0; i < 2; i++) expect((await create(body)).status).toBe(201);
    const command = {
      kind: "create_group",
      user_id: ANN,
      channel: groupId(ANN, CLIENT_ID),
      ...body,
    };
    expect(scene.asked.filter(({ kind }) => kind === "create_group")).toEqual([
      command,
      command,
    ] as never);
  });

  test("[D3] that finds someone else's group tries the next ids, and no more than eight", async () => {
    let taken = 2;
    scene.answering.create_group = () => (taken-- > 0 ? refuse("conflict") : done({}));
    expect((await create({ client_id: CLIENT_ID, members: [] })).status).toBe(201);
    const ids = scene.asked.flatMap((asked) =>
      asked.kind === "create_group" ? asked.channel : [],
    );
    expect(ids).toEqual([0, 1, 2].map((attempt) => groupId(ANN, CLIENT_ID, attempt)));
    taken = 99;
    expect((await create({ client_id: CLIENT_ID, members: [] })).status).toBe(409);
    expect(taken).toBe(99 - 8);
  });

  test("without a client id gets one", async () => {
    await create({ members: [BEN] });
    const [asked] = scene.asked;
    expect(asked?.kind === "create_group" && isClientId(asked.client_id)).toBe(true);
  });

  test("[P21] one that is made is never said to be refused: it is read until it can be, or the outcome is open", async () => {
    let busy = 2;
    scene.answering.view = () => (busy-- > 0 ? refuse("busy", undefined, 1) : done(VIEW));
    expect((await create({ members: [BEN] })).status).toBe(201);
    busy = 99;
    const got = await create({ members: [BEN] });
    expect([got.status, got.body["code"]]).toEqual([503, "unavailable"]);
    expect(kinds().filter((kind) => kind === "create_group")).toHaveLength(2);
    const patched = await scene.call("PATCH", PATH, { as: ann, body: { name: "new" } });
    expect(patched.body["code"]).toBe("unavailable");
  });

  test("[D9] with 101 members is group_full", async () => {
    const members = Array.from({ length: 101 }, (_, i) => String(BigInt(BEN) + BigInt(i)));
    const { status, body } = await create({ members });
    expect([status, body["code"]]).toEqual([409, "group_full"]);
  });

  test("a refusal of the owner is the answer", async () => {
    scene.answering.create_group = () => refuse("blocked");
    expect((await create({ members: [BEN] })).status).toBe(403);
    expect(kinds()).toEqual(["create_group"]);
  });
});

describe("channels", () => {
  test("[P9] one is what its owner and the member's home know of it", async () => {
    const { body } = await scene.call("GET", PATH, { as: ann });
    expect(body).toMatchObject({ id: CHANNEL, pos: 9, read: 2, unread: 1, head: 3, cleared_to: 1 });
    expect(scene.asked).toEqual([
      { kind: "own_channel", ...at },
      { kind: "view", ...at },
    ] as never);
  });

  test("[P16] a list is asked for with cursor and limit, and leaves out what was left meanwhile", async () => {
    scene.answering.own_channels = () => done({ channels: [OWN, OWN], cursor: "7" });
    let first = true;
    scene.answering.view = () => {
      const answer = first ? refuse("not_member") : done(VIEW);
      first = false;
      return answer;
    };
    const { body } = await scene.call("GET", "/v1/channels?cursor=12&limit=2", { as: ann });
    expect(body["channels"]).toHaveLength(1);
    expect(body["cursor"]).toBe("7");
    const asked = { kind: "own_channels", user_id: ANN, cursor: "12", limit: 2 };
    expect(scene.asked[0]).toEqual(asked as never);
  });

  for (const query of ["limit=0", "limit=101", "limit=+1", "limit="]) {
    test(`[P16] a list with ${query} is refused`, async () => {
      expect((await scene.call("GET", `/v1/channels?${query}`, { as: ann })).status).toBe(400);
    });
  }

  test("[P9] a change answers the channel after it", async () => {
    const body = { name: "새 이름", settings: { history: "all" } };
    const answer = await scene.call("PATCH", PATH, { as: ann, body });
    expect(answer.body["id"]).toBe(CHANNEL);
    expect(scene.asked[0]).toEqual({ kind: "patch_channel", ...at, ...body } as never);
  });

  test("[P17] own settings: absent stays, null clears, a time comes in UTC", async () => {
    const body = { muted_until: "2026-05-01T09:00:00+09:00", draft: null };
    expect((await scene.call("PATCH", `${PATH}/me`, { as: ann, body })).status).toBe(204);
    const set = { muted_until: "2026-05-01T00:00:00.000Z", draft: null };
    expect(scene.asked).toEqual([{ kind: "set", ...at, set }] as never);
  });

  test("[P20] a draft over 4 KiB is too_long", async () => {
    const body = { draft: "가".repeat(1366) };
    const answer = await scene.call("PATCH", `${PATH}/me`, { as: ann, body });
    expect(answer.body["code"]).toBe("too_long");
  });

  test("[P19] read and typing are their frames", async () => {
    await scene.call("POST", `${PATH}/read`, { as: ann, body: { seq: 3 } });
    await scene.call("POST", `${PATH}/typing`, { as: ann });
    expect(scene.asked).toEqual([
      { kind: "read", ...at, seq: 3 },
      { kind: "typing", ...at },
    ] as never);
    expect((await scene.call("POST", `${PATH}/read`, { as: ann })).status).toBe(400);
  });
});

describe("members", () => {
  test("[R8] are told with how far they are", async () => {
    const members = [{ user_id: BEN, read: 2, delivered: 3, presence: "online" as const }];
    scene.answering.opened = () => done({ members });
    const { body } = await scene.call("GET", `${PATH}/members`, { as: ann });
    expect(body).toEqual({ channel: CHANNEL, members });
  });

  test("[D19] are added, given a role, removed, and leave", async () => {
    await scene.call("PUT", `${PATH}/members/${BEN}`, { as: ann });
    await scene.call("PUT", `${PATH}/members/${BEN}`, { as: ann, body: { role: "admin" } });
    await scene.call("DELETE", `${PATH}/members/${BEN}`, { as: ann });
    await scene.call("POST", `${PATH}/leave`, { as: ann });
    expect(scene.asked).toEqual([
      { kind: "put_member", ...at, member: BEN },
      { kind: "put_member", ...at, member: BEN, role: "admin" },
      { kind: "remove_member", ...at, member: BEN },
      { kind: "remove_member", ...at, member: ANN },
    ] as never);
  });

  test("[D19] a role that there is not is invalid, an id that nobody has not_found", async () => {
    const body = { role: "king" };
    const king = await scene.call("PUT", `${PATH}/members/${BEN}`, { as: ann, body });
    expect(king.body["code"]).toBe("invalid");
    expect((await scene.call("PUT", `${PATH}/members/me`, { as: ann })).status).toBe(404);
  });
});
