import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGroup, floorAccounts } from "../run/accounts.ts";
import { floorCommand, startServer } from "../run/servers.ts";
import type { TrafficPlan } from "./plan.ts";
import { runTraffic } from "./run_traffic.ts";

const times = { warmup_seconds: 0.05, seconds: 0.2 };

test("against the floor every load is complete", async () => {
  const directory = mkdtempSync(join(tmpdir(), "damso-floor-"));
  const server = await startServer(floorCommand, directory);
  try {
    const accounts = await floorAccounts.signUp(server.origin, 10);
    const channel = await createGroup(server.origin, accounts);
    const loads: TrafficPlan[] = [
      { kind: "closed", window: 3, ...times },
      { kind: "open", per_second: 200, ...times },
      { kind: "group", channel, senders: 2, window: 2, ...times },
      { kind: "single", channel, ...times },
    ];
    for (const load of loads) {
      const plan = { origin: server.origin, server_pid: server.pid, accounts, load };
      const outcome = await runTraffic(plan, load);
      expect(outcome.problems).toEqual([]);
      expect(outcome.figures.messages).toBeGreaterThan(5);
    }
  } finally {
    await server.stop();
    rmSync(directory, { recursive: true });
  }
});

test("a server that leaves out one event is found out", async () => {
  let sends = 0;
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request, self) => (self.upgrade(request) ? undefined : new Response("no")),
    websocket: {
      message(socket, text) {
        const { id, type } = JSON.parse(text as string) as { id: number; type: string };
        if (type === "hello") {
          socket.send(JSON.stringify({ type: "welcome", id, feed: { id: "f", head: 0 } }));
          return;
        }
        sends += 1;
        socket.send(JSON.stringify({ type: "message", pos: sends === 1 ? 2 : sends + 1 }));
        socket.send(JSON.stringify({ type: "sent", id }));
      },
    },
  });
  const accounts = await floorAccounts.signUp("", 2);
  const load: TrafficPlan = { kind: "open", per_second: 20, ...times };
  const plan = { origin: server.url.origin, server_pid: process.pid, accounts, load };
  const { problems } = await runTraffic(plan, load);
  await server.stop(true);
  expect(problems).toContain("pos 2 came after 0");
});
