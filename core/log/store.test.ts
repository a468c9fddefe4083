/** The contract of every shard store, kept by a log and a table; flushed after each commit, and never. */
import { shardStoreContract } from "@damso/contracts/shard-store";
import type { ShardStore } from "../ports/store.ts";
import { logScene } from "./scene.testing.ts";
import type { LogScene } from "./scene.testing.ts";

/** Its next commit gets no answer, and its caller gives up: the outcome is unknown until `recover`. */
type Breakable = ShardStore & { breakNext(): void };

async function breakable(scene: LogScene, flushed: boolean): Promise<Breakable> {
  const store = await scene.open();
  let broken = false;
  return {
    ...store,
    async commit(puts) {
      if (!broken) await store.commit(puts);
      else {
        broken = false;
        scene.log.fail("lost");
        await store.commit(puts, givingUp());
      }
      if (flushed) await store.flush();
    },
    breakNext() {
      broken = true;
    },
  };
}

/** Lets the first look pass and aborts at the second: after the append. */
function givingUp(): { aborted: boolean; throwIfAborted(): void } {
  let looks = 0;
  return {
    aborted: false,
    throwIfAborted() {
      if (++looks > 1) throw new Error("gave up");
    },
  };
}

for (const flushed of [false, true]) {
  const scenes = new Map<string, LogScene>();
  shardStoreContract(
    `log and table, ${flushed ? "flushed after each commit" : "never flushed"}`,
    (place) => {
      const scene = scenes.get(place) ?? logScene();
      scenes.set(place, scene);
      return breakable(scene, flushed);
    },
    (store) => (store as Breakable).breakNext(),
  );
}
