/** A bus whose server dies and comes back. */
import { expect, test } from "bun:test";
import { until } from "@damso/contracts/until";
import type { GatewayItem } from "@damso/core/ports/bus";
import { done, refuse } from "@damso/core/result";
import type { ChannelId, UserId } from "@damso/protocol/ids";
import { freshName, natsNodes } from "@damso/tools/services/services";
import { createNatsBus } from "./bus.ts";
import type { Handler } from "./bus.ts";
import { closeNats, connectNats } from "./connect.ts";

const TEST_MS = 60_000;
const ANN = "1000000000000000001" as UserId;
const CHANNEL = "g1000000000000000009" as ChannelId;

test(
  "[D20] while the server is away requests are unavailable and hints are lost, and after it everything goes on",
  async () => {
    const nodes = await natsNodes(1);
    const common = { prefix: freshName("damso"), shardOf: () => 0, failed() {} };
    const [near, far] = await Promise.all(
      ["near", "far"].map((name) => connectNats({ servers: nodes.urls, name })),
    );
    if (!near || !far) throw new Error("no connections");
    const [asker, owner] = [near, far].map((connection) =>
      createNatsBus({ connection, ...common }),
    );
    if (!asker || !owner) throw new Error("no buses");
    owner.serve(0, (async () => done({})) as unknown as Handler);
    const items: GatewayItem[] = [];
    owner.attachGateway("g1", (got) => void items.push(...got));
    let frames = 0;
    owner.subscribe("channel.a", () => void frames++);
    const ask = (): ReturnType<typeof asker.request<"typing">> =>
      asker.request<"typing">({ kind: "typing", user_id: ANN, channel: CHANNEL });
    const hint = (): void => {
      asker.send("g1", [{ kind: "frame", user_id: ANN, frame: "f" }]);
      asker.publish("channel.a", { frame: "x" });
    };
    await until(async () => (await ask()).ok, "an answer");
    const never = owner.serve(0, () => new Promise<never>(() => {}));
    await far.flush();
    const asked = Array.from({ length: 10 }, ask);
    await nodes.kill(0);
    const begin = performance.now();
    const answers = await Promise.all(asked);
    expect(answers).toContainEqual(refuse("unavailable"));
    hint();
    expect(await ask()).toEqual(refuse("unavailable"));
    expect(performance.now() - begin).toBeLessThan(2000);
    never();
    await nodes.restart(0);
    await until(async () => (await ask()).ok, "an answer", 10_000);
    await until(async () => {
      hint();
      await Bun.sleep(20);
      return items.length > 0 && frames > 0;
    }, "hints");
    await Promise.all([closeNats(near), closeNats(far)]);
    await nodes.stop();
  },
  TEST_MS,
);
