import { describe, expect, test } from "bun:test";
import { done } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import type { EventsPage } from "@damso/core/shard/commands";
import { EXCHANGE_MS, POLLS_PER_USER_MAX } from "./bounds.ts";
import { ANN, device, event, FEED, openScene, page } from "./scene.testing.ts";
import type { Scene } from "./scene.testing.ts";

const { token: _token, ...ann } = device(ANN);
const message = (pos: number): never =>
  ({ type: "message_hidden", pos, channel: "", seq: 1, unread: 0, unread_mentions: 0 }) as never;

function start(scene: Scene, query: object, signal?: AbortSignal): { result?: Result<EventsPage> } {
  const asked: { result?: Result<EventsPage> } = {};
  const whole = { after: 3, feed: FEED, wait_ms: 30_000, ...query };
  void scene.gateway.poll(ann, whole, signal).then((result) => (asked.result = result));
  return asked;
}

describe("a long poll", () => {
  test("[P23] answers at once when there are events, and acknowledges what it had", async () => {
    const scene = openScene();
    scene.on("sync", () => done(page(4, [message(4)])));
    const asked = start(scene, { limit: 10 });
    await scene.settle();
    expect(asked.result).toEqual(done(page(4, [message(4)])));
    expect(scene.of("sync")).toEqual([
      { kind: "sync", user_id: ANN, feed: { id: FEED, pos: 3 }, limit: 10 },
    ]);
    expect(scene.of("ack")).toMatchObject([{ ...ann, pos: 3 }]);
    expect(scene.of("detach")).toHaveLength(1);
  });

  test("[P23][D22] one that nobody looks at stops no notifications; without a word it is in the foreground", async () => {
    const scene = openScene();
    for (const query of [{}, { active: true }, { active: false }]) start(scene, query);
    await scene.settle();
    for (const kind of ["attach", "ack"] as const)
      expect(scene.of(kind)).toMatchObject([{ active: true }, { active: true }, { active: false }]);
  });

  test("[P23] waits for the first event and then reads the page", async () => {
    const scene = openScene();
    scene.on("sync", () => done(page(3)));
    const asked = start(scene, {});
    await scene.advance(10_000);
    expect(asked.result).toBeUndefined();
    expect(scene.counters.polls).toBe(1);
    scene.on("sync", () => done(page(4, [message(4)])));
    await scene.deliver(event(4, ANN));
    expect(asked.result).toEqual(done(page(4, [message(4)])));
    expect(scene.counters.polls).toBe(0);
  });

  test("[I12] an event between the reading and the waiting is not missed", async () => {
    const scene = openScene();
    const held = scene.hold("sync");
    const asked = start(scene, {});
    await scene.settle();
    await scene.deliver(event(4, ANN));
    await held.answer(done(page(3)));
    await held.answer(done(page(4, [message(4)])));
    expect(asked.result).toEqual(done(page(4, [message(4)])));
  });

  test("[P23] answers empty when the time is over, and at once with wait 0", async () => {
    const scene = openScene();
    scene.on("sync", () => done(page(3)));
    const [waits, asks] = [start(scene, {}), start(scene, { wait_ms: 0 })];
    await scene.settle();
    expect(asks.result).toEqual(done(page(3)));
    await scene.advance(29_000);
    expect(waits.result).toBeUndefined();
    await scene.advance(1000);
    expect(waits.result).toEqual(done(page(3)));
  });

  test("[P23] without a position it answers with the head at once; without a feed it counts in the present one", async () => {
    const scene = openScene();
    scene.on("attach", () => done(page(9)));
    const first = start(scene, { after: undefined, feed: undefined });
    await scene.settle();
    expect(first.result).toEqual(done(page(9)));
    start(scene, { feed: undefined, wait_ms: 0 });
    await scene.settle();
    expect(scene.of("sync")).toMatchObject([{ feed: { id: FEED, pos: 3 } }]);
  });

  test("[D15] a reset is answered at once and acknowledges nothing", async () => {
    const scene = openScene();
    scene.on("sync", () => done({ ...page(2), reset: true }));
    const asked = start(scene, {});
    await scene.settle();
    expect(asked.result).toEqual(done({ ...page(2), reset: true }));
    expect(scene.of("ack")).toEqual([]);
  });

  test("[R1] counts as attached while it waits: in the exchange, and once beside a socket", async () => {
    const scene = openScene();
    const socket = await scene.join(device(ANN));
    const stop = new AbortController();
    start(scene, {}, stop.signal);
    await scene.advance(EXCHANGE_MS);
    expect(scene.of("exchange")[0]?.sessions).toHaveLength(1);
    stop.abort();
    await scene.settle();
    expect(scene.counters.polls).toBe(0);
    expect(scene.of("detach")).toEqual([]);
    socket.leave();
    await scene.settle();
    expect(scene.of("detach")).toHaveLength(1);
  });

  test("[I17] ends with unauthenticated when its session is revoked, waiting or about to", async () => {
    const scene = openScene();
    const asked = start(scene, {});
    await scene.settle();
    await scene.deliver({ kind: "revoked", user_id: ANN, sessions: [ann.session_id] });
    expect(asked.result).toMatchObject({ ok: false, refusal: { code: "unauthenticated" } });
    expect(scene.of("detach")).toMatchObject([{ gone: true }]);
    scene.revoked.add(ann.session_id);
    const late = start(scene, {});
    await scene.settle();
    expect(late.result).toMatchObject({ ok: false, refusal: { code: "unauthenticated" } });
  });

  test("[I20] one user's polls are bounded; beyond that they are busy", async () => {
    const scene = openScene();
    for (let n = 0; n < POLLS_PER_USER_MAX; n++) start(scene, {});
    const over = start(scene, {});
    await scene.settle();
    expect(over.result).toMatchObject({ ok: false, refusal: { code: "busy" } });
    expect(scene.counters.bounds.polls).toBe(1);
  });
});
