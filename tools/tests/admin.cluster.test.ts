/** The administration of a cluster: what one node does holds on the other, and each tells only its own load. */
import { afterAll, expect, test } from "bun:test";
import { startCluster } from "../cluster/cluster.ts";
import { call, succeed } from "../rig/http.testing.ts";
import { endRig } from "../rig/server.ts";
import { until } from "../rig/until.ts";
import { cassandraServer, natsServer, postgresServer } from "../services/services.ts";

const MINUTE = 60_000;
const TOKEN = "a-token-of-the-whole-cluster";
const [nats, cassandra, postgres] = await Promise.all([
  natsServer(),
  cassandraServer(),
  postgresServer(),
]);

afterAll(async () => {
  await endRig();
  for (const { stop } of [nats, cassandra, postgres]) await stop();
}, MINUTE);

type Grant = { user_id: string; access_token: string };
type Overview = {
  node_id: string;
  nodes: { node_id: string; shards?: number; load?: object }[];
  checks: { name: string; ok: boolean }[];
};

test(
  "[A4][A5][A6] two nodes are administered through either of them",
  async () => {
    const engines = { nats, cassandra, postgres };
    const flags = { "admin-token": TOKEN };
    const cluster = await startCluster({ engines, nodes: 2, shards: 4, flags });
    const [first = "", second = ""] = cluster.nodes.map(({ origin }) => origin);
    const password = "correct horse";
    const signUp = (username: string): Promise<Grant> =>
      succeed<Grant>(first, "POST", "/v1/signup", { body: { username, password, name: username } });
    const [ann, ben] = [await signUp("ann"), await signUp("ben")];

    const overviewOf = (origin: string): Promise<Overview> =>
      succeed<Overview>(origin, "GET", "/v1/admin/overview", { token: TOKEN });
    const sharesShards = async (): Promise<boolean> => {
      const { nodes } = await overviewOf(second);
      return nodes.length === 2 && nodes.reduce((sum, { shards = 0 }) => sum + shards, 0) === 4;
    };
    await until(sharesShards, "each shard to have its node", MINUTE);
    const members = [ben.user_id];
    const { id } = await succeed<{ id: string }>(first, "POST", "/v1/channels", {
      token: ann.access_token,
      body: { name: "Walks", members },
    });
    for (const [origin, own] of [
      [first, "n1"],
      [second, "n2"],
    ] as const) {
      const { node_id, nodes, checks } = await overviewOf(origin);
      expect(node_id).toBe(own);
      expect(nodes.filter(({ load }) => load).map((node) => node.node_id)).toEqual([own]);
      expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    }

    // Behind the log, the table gets the channel in its own time.
    const isKnown = async (): Promise<boolean> =>
      (await call(second, "GET", `/v1/admin/channels/${id}`, { token: TOKEN })).status === 200;
    await until(isKnown, "the channel to be known", 2 * MINUTE);
    const page = await call(second, "GET", `/v1/admin/users/${ben.user_id}/channels`, {
      token: TOKEN,
    });
    expect(page.body).toMatchObject({ channels: [{ channel_id: id, name: "Walks" }] });

    const me = async (origin: string): Promise<number> =>
      (await call(origin, "GET", "/v1/me", { token: ben.access_token })).status;
    expect([await me(first), await me(second)]).toEqual([200, 200]);
    await call(second, "PUT", `/v1/admin/users/${ben.user_id}/disabled`, { token: TOKEN });
    expect(await me(second)).toBe(401);
    // The other node may have seen the session a moment ago (X5: 60 s at most without a word from its home).
    await until(
      async () => (await me(first)) === 401,
      "the session to end on the other node",
      2 * MINUTE,
    );
    const body = { username: "ben", password };
    expect((await call(first, "POST", "/v1/login", { body })).status).toBe(403);
    await cluster.stop();
  },
  6 * MINUTE,
);
