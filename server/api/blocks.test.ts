import { beforeEach, describe, expect, test } from "bun:test";
import { done, refuse } from "@damso/core/result";
import type { Accounts } from "@damso/core/ports/accounts";
import type { Identity } from "../gateway/types.ts";
import { ANN, BEN, createScene } from "./scene.testing.ts";
import type { Got, Scene } from "./scene.testing.ts";

const PATH = `/v1/blocks/${BEN}`;

let scene: Scene;
let ann: Identity;
/** What the direct channel was told last. */
let channel: { blocked: boolean };

beforeEach(async () => {
  scene = createScene();
  ann = await scene.join(ANN, "ann");
  await scene.join(BEN, "ben");
  channel = { blocked: false };
  scene.answering.block = async ({ on }) => {
    await someTime();
    channel.blocked = on;
    await someTime();
    return done({});
  };
});

/** Of the network: nothing to half a dozen turns of the event loop, so that two calls overtake one another. */
async function someTime(): Promise<void> {
  for (let turns = Math.floor(Math.random() * 6); turns > 0; turns--) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function slowly(accounts: Accounts): void {
  const { putBlock, removeBlock } = accounts.contacts;
  accounts.contacts.putBlock = async (...given) => {
    await someTime();
    const outcome = await putBlock(...given);
    await someTime();
    return outcome;
  };
  accounts.contacts.removeBlock = async (...given) => {
    await someTime();
    await removeBlock(...given);
    await someTime();
  };
}

const isListed = (): Promise<boolean> =>
  scene.accounts.contacts.isBlocked({ user_id: ANN, other_id: BEN });

const busy = async (): Promise<never> => {
  throw Object.assign(new Error("full"), { code: "busy" });
};

describe("blocking and lifting at once", () => {
  /** Some of each, at these nodes; what is not `busy` is done. */
  async function quarrel(nodes: readonly Scene[]): Promise<void> {
    const calls = nodes.flatMap((node) => [
      node.call("PUT", PATH, { as: ann }),
      node.call("DELETE", PATH, { as: ann }),
    ]);
    for (const { status } of await Promise.all(calls)) expect([204, 503]).toContain(status);
  }

  test("[X10] at one node leaves list and channel of one mind", async () => {
    slowly(scene.accounts);
    for (let round = 0; round < 100; round++) {
      await quarrel([scene]);
      expect(channel.blocked).toBe(await isListed());
    }
  });

  test("[X10] at two nodes leaves list and channel of one mind", async () => {
    slowly(scene.accounts);
    const { accounts, bus, auth } = scene.deps;
    const other = createScene({ accounts, bus, auth });
    for (let round = 0; round < 200; round++) {
      await quarrel([scene, other]);
      expect(channel.blocked).toBe(await isListed());
    }
  });

  test("[I20] waits for its turn only so often", async () => {
    const calls = Array.from({ length: 12 }, () => scene.call("PUT", PATH, { as: ann }));
    const got = await Promise.all(calls);
    expect(got.filter(({ status }) => status === 204)).toHaveLength(9);
    expect(got.filter(({ body }) => body["code"] === "busy")).toHaveLength(3);
    expect((await scene.call("PUT", PATH, { as: ann })).status).toBe(204);
  });
});

describe("a list that cannot be written", () => {
  const put = (): Promise<Got> => scene.call("PUT", PATH, { as: ann });

  test("[P21] when the channel has decided is no `busy`: the outcome is open until it is asked again", async () => {
    const { putBlock } = scene.accounts.contacts;
    scene.accounts.contacts.putBlock = busy;
    expect((await put()).body["code"]).toBe("unavailable");
    scene.accounts.contacts.putBlock = putBlock;
    expect((await put()).status).toBe(204);
    expect([channel.blocked, await isListed()]).toEqual([true, true]);
  });

  test("[P21] nor is a channel that is busy behind the list", async () => {
    let told = 0;
    scene.answering.block = () => (told++ > 0 ? refuse("busy") : done({}));
    expect((await put()).body["code"]).toBe("unavailable");
    expect(told).toBe(2);
  });
});
