/** A real shard under random commands: what it commits and answers has to pass. */
import { expect, test } from "bun:test";
import { openScene } from "@damso/core/shard/scene.testing";
import type { Scene } from "@damso/core/shard/scene.testing";
import { createFakeStore } from "@damso/contracts/fakes/shard-store";
import type { FakeStore } from "@damso/contracts/fakes/shard-store";
import type { Put } from "@damso/core/tables";
import type { ChannelId, UserId } from "@damso/protocol/ids";
import { createCheckers } from "./checkers.ts";
import type { Checkers } from "./checkers.ts";

function witnessed(checkers: Checkers): FakeStore {
  const store = createFakeStore();
  const { commit } = store;
  return {
    ...store,
    async commit(puts) {
      const copy = structuredClone(puts) as Put[];
      await commit(puts);
      checkers.witness.committed(0, copy);
    },
  };
}

function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const TEXTS = ["short", "한국어 👍", "가".repeat(3000), "x".repeat(5000)];

/** One command at random; what it answers does not matter. */
async function act(scene: Scene, channels: ChannelId[], next: (below: number) => number) {
  const user_id = scene.people[next(4)] as UserId;
  const other = scene.people[next(4)] as UserId;
  const channel = channels[next(channels.length)] as ChannelId;
  const at = { user_id, channel, seq: 1 + next(40) };
  const body = TEXTS[next(4)] as string;
  switch (next(20)) {
    case 0:
      return scene.ask({ kind: "edit", ...at, body });
    case 1:
      return scene.ask({ kind: "delete", ...at });
    case 2:
      return scene.ask({ kind: "hide", ...at });
    case 3:
      return scene.ask({ kind: "read", ...at });
    case 4:
      return scene.ask({ kind: "react", ...at, emoji: "👍", on: next(2) === 0 });
    case 5:
      return scene.ask({ kind: "pin", ...at, on: next(2) === 0 });
    case 6:
      return scene.ask({ kind: "put_member", ...at, member: other });
    case 7:
      return scene.ask({ kind: "remove_member", ...at, member: other });
    case 8:
      return scene.ask({ kind: "block", ...at, on: next(4) === 0 });
    case 9:
      return scene.ask({ kind: "patch_channel", ...at, settings: { history: "all" } });
    case 10:
      return scene.ask({ kind: "set", user_id, channel, set: settings(at.seq, next) });
    case 11:
      return scene.restart();
    default:
      return scene.send(user_id, channel, body, next(3) === 0 ? { mentions: [other] } : {});
  }
}

function settings(seq: number, next: (below: number) => number) {
  const all = [{ cleared_to: seq }, { cleared_to: null }, { draft: "d" }, { unread_mark: true }];
  return all[next(4)] ?? {};
}

test("[I4][I7][I9][I10][I15][I16][I19] the commits of a real shard pass, one at a time and many at once", async () => {
  for (let seed = 1; seed <= 8; seed++) {
    const checkers = createCheckers({ now: () => 0 });
    const scene = await openScene(4, witnessed(checkers));
    const [ann, bob] = scene.people as [UserId, UserId];
    const channels = [scene.direct(ann, bob), await scene.group(ann, [bob])];
    const next = generator(seed);
    for (let i = 0; i < 200; i++) {
      const acts = Array.from({ length: 1 + next(4) }, () => act(scene, channels, next));
      await Promise.all(acts);
    }
    expect(checkers.faults()).toEqual([]);
    expect(checkers.counts()["messages"]).toBeGreaterThan(20);
  }
}, 60_000);
