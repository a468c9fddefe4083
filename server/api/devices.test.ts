import { beforeEach, describe, expect, spyOn, test } from "bun:test";
import type { NodeRecord } from "@damso/core/ports/discovery";
import type { Identity } from "../gateway/types.ts";
import { ANN, BEN, createScene, HOST } from "./scene.testing.ts";
import type { Scene } from "./scene.testing.ts";

let scene: Scene;
let ann: Identity;
beforeEach(async () => {
  scene = createScene();
  ann = await scene.join(ANN, "ann");
});

describe("the feed", () => {
  const queries: [string, object][] = [
    ["", { wait_ms: 0 }],
    ["?after=3", { after: 3, wait_ms: 0 }],
    ["?after=3&active=false", { after: 3, active: false, wait_ms: 0 }],
    ["?feed=f1&after=0&limit=5&wait=30", { feed: "f1", after: 0, limit: 5, wait_ms: 30_000 }],
  ];
  for (const [query, asked] of queries) {
    test(`[P23] ${query || "without a position"} is a poll of the device that asks`, async () => {
      const { body } = await scene.call("GET", `/v1/feed${query}`, { as: ann });
      expect(body).toEqual({ feed: { id: "f1", head: 7 }, events: [], more: false });
      expect(scene.polls).toEqual([{ who: ann, query: asked as never }]);
    });
  }

  for (const query of ["wait=31", "wait=-1", "wait=0.5", "after=x", "limit=501", "active=1"]) {
    test(`[P23] ${query} is invalid`, async () => {
      const { body } = await scene.call("GET", `/v1/feed?${query}`, { as: ann });
      expect(body["code"]).toBe("invalid");
    });
  }

  test("[I20] a client that hangs up ends its wait", async () => {
    const hangup = new AbortController();
    let heard: AbortSignal | undefined;
    const poll: Scene["deps"]["gateway"]["poll"] = (_who, _query, signal) => {
      heard = signal;
      hangup.abort();
      return scene.deps.gateway.poll(ann, { wait_ms: 0 });
    };
    const waiting = createScene({ gateway: { poll } });
    const { session_id } = await waiting.join(ANN, "ann");
    const headers = { authorization: `Bearer ${session_id}` };
    const url = `http://${HOST}/v1/feed?after=0&wait=30`;
    await waiting.api.fetch(new Request(url, { headers, signal: hangup.signal }));
    expect(heard?.aborted).toBe(true);
  });
});

describe("servers", () => {
  const node = (node_id: string, region: string): NodeRecord => ({
    node_id,
    roles: ["gateway"],
    url: `https://${node_id}.example`,
    region,
    zone: "a",
    capacity: 10,
    connections: 0,
    draining: false,
  });

  test("the client's region comes first, and no token is needed", async () => {
    scene.nodes.push(node("one", "eu"), node("two", "kr"));
    const { body } = await scene.call("GET", "/v1/servers?region=kr");
    expect(body).toEqual({
      servers: [
        { url: "https://two.example", region: "kr" },
        { url: "https://one.example", region: "eu" },
      ],
    });
  });

  test("when none has announced an address, it is the one that was asked", async () => {
    const { url: _url, ...silent } = node("one", "kr");
    scene.nodes.push(silent);
    const { body } = await scene.call("GET", "/v1/servers");
    expect(body).toEqual({ servers: [{ url: `http://${HOST}`, region: "kr" }] });
  });
});

describe("push subscriptions", () => {
  const webpush = {
    kind: "webpush",
    endpoint: "https://push.example/1",
    keys: { p256dh: "p", auth: "a" },
  };
  const path = (who: Identity) => `/v1/push/${who.device_id}`;
  const listed = (): Promise<{ target: object }[]> => scene.accounts.subscriptions.listByUser(ANN);

  test("[D22] are put, replaced and removed", async () => {
    for (const target of [webpush, { kind: "fcm", token: "t" }]) {
      const put = await scene.call("PUT", path(ann), { as: ann, body: target });
      expect(put.status).toBe(204);
      expect((await listed()).map((one) => one.target)).toEqual([target]);
    }
    for (let i = 0; i < 2; i++) {
      expect((await scene.call("DELETE", path(ann), { as: ann })).status).toBe(204);
    }
    expect(await listed()).toEqual([]);
    expect(scene.settled.settles).toBe(4);
  });

  test("[N16] that are told again as they are change nothing, and one that was lost is there again", async () => {
    const tell = () => scene.call("PUT", path(ann), { as: ann, body: webpush });
    const puts = spyOn(scene.accounts.subscriptions, "put");
    for (let n = 0; n < 3; n++) expect((await tell()).status).toBe(204);
    expect(puts).toHaveBeenCalledTimes(1);
    const { user_id, device_id } = ann;
    await scene.accounts.subscriptions.remove({ user_id, device_id, now: 0 });
    await tell();
    expect((await listed()).map(({ target }) => target)).toEqual([webpush]);
  });

  test("[D22] of another device are forbidden, and another's are not removed", async () => {
    const ben = await scene.join(BEN, "ben");
    await scene.call("PUT", path(ann), { as: ann, body: webpush });
    expect((await scene.call("PUT", path(ann), { as: ben, body: webpush })).status).toBe(403);
    await scene.call("DELETE", path(ann), { as: ben });
    expect(await listed()).toHaveLength(1);
  });

  test("[N2] begin with the key of this server, which anybody may know", async () => {
    const got = await scene.call("GET", "/v1/push");
    expect(got.body).toEqual({ key: "BKey", kinds: ["webpush", "fcm"] });
  });

  test("[N15] are tried out by a notice to the device that asks", async () => {
    const call = () => scene.call("POST", "/v1/push/test", { as: ann });
    expect((await call()).status).toBe(404);
    await scene.call("PUT", path(ann), { as: ann, body: webpush });
    expect((await call()).body).toEqual({ outcome: "sent" });
  });

  test("[N8] say how the device wants to be told", async () => {
    const body = {
      ...webpush,
      locale: "ko-KR",
      time_zone: "Asia/Seoul",
      quiet_hours: { from: "22:30", to: "07:00" },
    };
    expect((await scene.call("PUT", path(ann), { as: ann, body })).status).toBe(204);
    expect((await listed())[0]?.target).toEqual(body);
    const late = { ...body, quiet_hours: { from: "24:00", to: "07:00" } };
    expect((await scene.call("PUT", path(ann), { as: ann, body: late })).status).toBe(400);
  });

  test("[N8][N16] keep the wishes of the device when a browser only has another address", async () => {
    const wishes = {
      locale: "ko-KR",
      time_zone: "Asia/Seoul",
      quiet_hours: { from: "22:30", to: "07:00" },
    };
    await scene.call("PUT", path(ann), { as: ann, body: { ...webpush, ...wishes } });
    const renewed = { ...webpush, endpoint: "https://push.example/2" };
    await scene.call("PUT", path(ann), { as: ann, body: renewed });
    expect((await listed())[0]?.target).toEqual({ ...renewed, ...wishes });
    const plain = { ...renewed, locale: "en" };
    await scene.call("PUT", path(ann), { as: ann, body: plain });
    expect((await listed())[0]?.target).toEqual(plain);
  });

  test("[P11][N4] that name no push service are invalid", async () => {
    const faults = [
      {},
      { kind: "pigeon" },
      { ...webpush, endpoint: "http://push.example" },
      { ...webpush, endpoint: "https://evil.example/1" },
      { ...webpush, keys: {} },
    ];
    for (const body of faults) {
      const answer = await scene.call("PUT", path(ann), { as: ann, body });
      expect(answer.body["code"]).toBe("invalid");
    }
  });
});
