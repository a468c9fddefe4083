/** What stands in deploy/ can be read, is about options and metrics that there are, and fits together. */
import { expect, test } from "bun:test";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { OPTION_KEYS, variableOf } from "@damso/server/config/options";
import { parseConfig } from "@damso/server/config/parse";
import { createCounters } from "@damso/server/gateway/counters";
import { createMetrics } from "@damso/server/metrics";
import { createPushCounters } from "@damso/server/notifier/counters";
import { createShardCounters } from "@damso/server/shard/counters";

const root = join(import.meta.dir, "../..");
const read = (path: string): Promise<string> => readFile(join(root, "deploy", path), "utf8");

type Fields = Record<string, string>;
type Service = {
  image?: string;
  environment?: Fields;
  healthcheck?: { test: string[] };
  depends_on?: Record<string, { condition: string }>;
  stop_grace_period?: string;
};
type Compose = { services: Record<string, Service>; volumes: Fields };

const compose = Bun.YAML.parse(await read("compose.yaml")) as Compose;

type Manifest = {
  kind: string;
  metadata: { name: string };
  data?: Fields;
  stringData?: Fields;
  spec?: Record<string, unknown>;
};

async function manifests(): Promise<Manifest[]> {
  const names = (await readdir(join(root, "deploy/kubernetes"))).filter(
    (name) => name !== "kustomization.yaml",
  );
  const texts = await Promise.all(names.map((name) => read(`kubernetes/${name}`)));
  return texts.flatMap((text) => Bun.YAML.parse(text) as Manifest | Manifest[]);
}

/** A page with everything that a node of a cluster tells. */
async function metricsPage(): Promise<string> {
  const counters = createCounters();
  const metrics = createMetrics({
    counters,
    push: createPushCounters(),
    capacity: 1,
    gauges: () => ({}),
    cluster: { count: 1, shards: createShardCounters(), drops: () => ({}) },
  });
  return (await metrics.render()).body;
}

function expectOptions(environment: Fields): void {
  const known = OPTION_KEYS.map(variableOf);
  for (const name of Object.keys(environment)) expect(known).toContain(name);
  expect(parseConfig([], environment)).toMatchObject({ kind: "config" });
}

const nodes = Object.entries(compose.services).filter(([name]) => /^damso-\d$/.test(name));

test("compose: three nodes of three copies, each with a name of its own, with options that there are", () => {
  expect(nodes).toHaveLength(3);
  const ids = nodes.map(([, { environment = {} }]) => environment["DAMSO_NODE_ID"]);
  expect(new Set(ids).size).toBe(3);
  for (const [, { environment = {} }] of nodes) {
    expectOptions(environment);
    expect(environment["DAMSO_REPLICAS"]).toBe("3");
    expect(environment["DAMSO_NATS_MONITORS"]?.split(",")).toHaveLength(3);
  }
});

test("compose: every image has a version, every service says how it is, and starts when what it needs is well", () => {
  const order = new Map<string, number>();
  const visit = (name: string, depth: number): void => {
    expect(depth).toBeLessThan(20);
    order.set(name, Math.max(depth, order.get(name) ?? 0));
    for (const [needed, { condition }] of Object.entries(
      compose.services[name]?.depends_on ?? {},
    )) {
      expect([name, needed, condition]).toEqual([name, needed, "service_healthy"]);
      expect(Object.keys(compose.services)).toContain(needed);
      visit(needed, depth + 1);
    }
  };
  for (const [name, { image = "", healthcheck }] of Object.entries(compose.services)) {
    if (image !== "damso") expect(image).toMatch(/^[a-z]+:\d+\.\d+(\.\d+)?(-[a-z]+)?$/);
    const words = healthcheck?.test ?? [];
    expect(words.length).toBeGreaterThan(1);
    expect(words.every((word) => typeof word === "string")).toBe(true);
    visit(name, 0);
  }
});

test("compose: NATS syncs each write, takes large records, and is asked whether it does", async () => {
  const conf = await read("nats.conf");
  expect(conf).toMatch(/^\s*sync_interval: always$/m);
  expect(conf).toMatch(/^max_payload: 8MB$/m);
  const routes = [...conf.matchAll(/nats:\/\/(nats-\d):6222/g)].map(([, name = ""]) => name);
  expect(routes.toSorted()).toEqual(
    Object.keys(compose.services).filter((name) => name.startsWith("nats-")),
  );
  const balancer = await read("haproxy.cfg");
  for (const [name] of nodes) expect(balancer).toContain(`server ${name} ${name}:8080`);
});

test("a node is given the time that it takes to stop", async () => {
  const requests_s = 3;
  const shards_s = 30;
  const drain_s = 10;
  for (const [, { stop_grace_period = "" }] of nodes)
    expect(Number.parseInt(stop_grace_period, 10)).toBeGreaterThan(drain_s + requests_s + shards_s);
  const all = await manifests();
  const config = all.find(({ kind }) => kind === "ConfigMap")?.data ?? {};
  const text = await read("kubernetes/nodes.yaml");
  const grace_s = Number(/terminationGracePeriodSeconds: (\d+)/.exec(text)?.[1]);
  const before_s = Number(/\["sleep", "(\d+)"\]/.exec(text)?.[1]);
  const own_s = Number(config["DAMSO_DRAIN_MS"]) / 1000;
  expect(grace_s).toBeGreaterThan(before_s + own_s + requests_s + shards_s);
});

test("Kubernetes: the kinds that are needed, and a configuration that a node takes", async () => {
  const all = await manifests();
  const kinds = all.map(({ kind, metadata }) => `${kind} ${metadata.name}`).toSorted();
  expect(kinds).toEqual([
    "ConfigMap damso",
    "PodDisruptionBudget damso",
    "Secret damso",
    "Secret damso-keys",
    "Service damso",
    "Service damso-nodes",
    "StatefulSet damso",
  ]);
  const environment = Object.assign(
    { DAMSO_NODE_ID: "damso-0" },
    ...all.filter(({ metadata }) => metadata.name === "damso").map((one) => one.data ?? {}),
    ...all.filter(({ metadata }) => metadata.name === "damso").map((one) => one.stringData ?? {}),
  ) as Fields;
  expectOptions(environment);
  const list = Bun.YAML.parse(await read("kubernetes/kustomization.yaml")) as {
    resources: string[];
  };
  const files = (await readdir(join(root, "deploy/kubernetes"))).toSorted();
  expect([...list.resources, "kustomization.yaml"].toSorted()).toEqual(files);
});

type Rule = { alert: string; expr: string; labels: Fields; annotations: Fields };
type Rules = { groups: { rules: Rule[] }[] };
type Panel = { title: string; type: string; targets?: { expr: string }[] };
type Dashboard = { panels: Panel[] };

async function alerts(): Promise<Rule[]> {
  const { groups } = Bun.YAML.parse(await read("alerts.yaml")) as Rules;
  return groups.flatMap(({ rules }) => rules);
}

async function expressions(): Promise<string[]> {
  const { panels } = JSON.parse(await read("grafana/damso.json")) as Dashboard;
  const shown = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  return [...shown, ...(await alerts()).map(({ expr }) => expr)];
}

test("dashboard and alerts ask for metrics that there are", async () => {
  const page = await metricsPage();
  const known = new Set([...page.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name));
  const all = await expressions();
  expect(all.length).toBeGreaterThan(40);
  for (const expression of all) {
    for (const [name] of expression.matchAll(/\bdamso_\w+/g))
      expect([...known]).toContain(name.replace(/_(bucket|sum|count)$/, ""));
  }
});

test("the sizes that they ask for are told by shards or the notifier", async () => {
  const sources = await Promise.all(
    ["server/shard/many.ts", "core/shard/shard.ts", "server/notifier/gate.ts"].map((path) =>
      readFile(join(root, path), "utf8"),
    ),
  );
  const asked = (await expressions()).flatMap((one) => [...one.matchAll(/of="(\w+)"/g)]);
  expect(asked.length).toBeGreaterThan(3);
  for (const [, name] of asked) expect(sources.join()).toMatch(new RegExp(`[{ ]${name}:`));
});

test("every alert has a severity, says what is the matter, and stands in docs/operate.md", async () => {
  const page = await readFile(join(root, "docs/operate.md"), "utf8");
  for (const { alert, labels, annotations } of await alerts()) {
    expect(["warning", "critical"]).toContain(labels["severity"] ?? "");
    expect(annotations["summary"]).toBeTruthy();
    expect(annotations["action"]).toBeTruthy();
    expect(page).toContain(`\`${alert}\``);
  }
});
