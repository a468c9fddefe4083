import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig } from "./config/parse.ts";
import { createLog } from "./log.ts";
import { startNode } from "./node.ts";
import { openPage } from "./page.ts";
import { systemClock } from "./timers.ts";
import { wire } from "./wire.ts";

async function metricsOf(roles: readonly ("gateway" | "api" | "shard")[]): Promise<string> {
  const data = await mkdtemp(join(tmpdir(), "damso-node-"));
  const parsed = parseConfig(["--data", data, "--port", "0", "--host", "127.0.0.1"], {});
  if (parsed.kind !== "config") throw new Error("the options are wrong");
  const config = { ...parsed.config, roles };
  const options = { level: "error", format: "json", clock: systemClock, write: () => {} } as const;
  const log = createLog(options);
  const wiring = await wire(config, { now: systemClock.now(), warned: () => {} });
  const page = openPage(log);
  const node = await startNode({ config, wiring, log, log_level: options, page, version: "0" });
  const answer = await fetch(`http://127.0.0.1:${node.port}/metrics`);
  const body = await answer.text();
  await node.stop();
  await rm(data, { recursive: true });
  return body;
}

test("a node that takes no sockets adds nothing to how many the nodes take", async () => {
  expect(await metricsOf(["api", "shard"])).toMatch(/^damso_capacity 0$/m);
  expect(await metricsOf(["api", "gateway", "shard"])).toMatch(/^damso_capacity [1-9]\d+$/m);
}, 30_000);
