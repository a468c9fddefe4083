/** How long a holder lacks its leases when the server that leads their bucket stands still, which answers nothing at all. */
import { expect, test } from "bun:test";
import { until } from "@damso/contracts/until";
import { isValid, newLease, renew } from "@damso/core/owner/lease";
import { natsNodes } from "@damso/tools/services/services";
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { closeNats, connectNats } from "./connect.ts";
import { openNatsDiscovery } from "./discovery.ts";

const TEST_MS = 120_000;
/** JetStream elects a leader after 4 to 9 s; the rest is what a busy machine may add. */
const ELECTED_MS_MAX = 20_000;
const BEHIND_MS_MAX = 4000;
const TICK_MS = 50;
const SHARDS = 8;

const now = (): number => performance.now();

async function leaderOf(connection: NatsConnection): Promise<number | undefined> {
  const jsm = await jetstreamManager(connection, { checkAPI: false, timeout: 300 });
  const info = await jsm.streams.info("KV_damso_discovery").catch(() => undefined);
  const name = info?.cluster?.leader;
  return name === undefined || name === "" ? undefined : Number(name.slice(1));
}

test(
  "[S17] a holder has its leases again a moment after their bucket has a leader again",
  async () => {
    const nodes = await natsNodes(3);
    const looking = await connectNats({ servers: nodes.urls, name: "looking" });
    await openNatsDiscovery({ connection: looking, prefix: "damso", replicas: 3 });
    const leader = (await leaderOf(looking)) ?? 0;
    await closeNats(looking);
    // The holder speaks to the server that will stand still: the worst case.
    const connect = (node: number): Promise<NatsConnection> =>
      connectNats({ servers: [nodes.urls[node % 3] ?? ""], name: "test" });
    const [holding, watching] = [await connect(leader), await connect(leader + 1)];
    const discovery = await openNatsDiscovery({
      connection: holding,
      prefix: "damso",
      replicas: 3,
    });
    const leases = Array.from({ length: SHARDS }, newLease);
    const hasAll = (): boolean => leases.every((lease) => isValid(lease, now()));
    const ticking = setInterval(() => {
      for (const [shard, lease] of leases.entries()) {
        const take = (ttl_ms: number): Promise<boolean> => discovery.lease(shard, "n1", ttl_ms);
        void renew(lease, take, now).catch(() => {});
      }
    }, TICK_MS);
    await until(hasAll, "the leases");
    const stopped_at = now();
    await nodes.pause(leader);
    await until(() => !hasAll(), "the leases to lapse", ELECTED_MS_MAX);
    const elected = async (): Promise<boolean> => {
      const found = await leaderOf(watching);
      return found !== undefined && found !== leader;
    };
    await until(elected, "another leader", ELECTED_MS_MAX);
    const elected_at = now();
    await until(hasAll, "the leases again", ELECTED_MS_MAX);
    const behind_ms = Math.round(now() - elected_at);
    console.log(
      `a leader after ${Math.round(elected_at - stopped_at)} ms, the leases ${behind_ms} ms later`,
    );
    expect(behind_ms).toBeLessThan(BEHIND_MS_MAX);
    clearInterval(ticking);
    await Promise.all([holding, watching].map(closeNats));
    await nodes.resume(leader);
    await nodes.stop();
  },
  TEST_MS,
);
