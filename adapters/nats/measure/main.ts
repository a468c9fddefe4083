/**
 * `bun adapters/nats/measure/main.ts <replicas> <nats://host:port> …`: checks the servers, then says what they do:
 * appends to one log and to sixteen, renewals of 64 leases, and requests over the bus. Leaves nothing behind.
 */
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { done } from "@damso/core/result";
import type { UserId, ChannelId } from "@damso/protocol/ids";
import { createNatsBus } from "../bus.ts";
import type { Handler } from "../bus.ts";
import { checkNats } from "../check.ts";
import { closeNats, connectNats } from "../connect.ts";
import { openNatsDiscovery } from "../discovery.ts";
import { openNatsLog } from "../log.ts";
import type { Replicas } from "../streams.ts";
import { rateOf } from "./rate.ts";

const DURATION_MS = 4000;
const RECORD_UNITS = 300;
const LEASES = 64;
const ASKERS = 64;

const [replicasText = "1", ...servers] = process.argv.slice(2);
const replicas: Replicas = replicasText === "3" ? 3 : 1;
const options = { servers, name: "damso measure" };
const prefix = `damso_measure_${crypto.randomUUID().slice(0, 8)}`;

function say(what: string): void {
  process.stdout.write(`${what}\n`);
}

async function measureAppends(connection: NatsConnection, streams: number): Promise<string> {
  const text = "x".repeat(RECORD_UNITS);
  const logs = Array.from({ length: streams }, (_, shard) =>
    openNatsLog({ connection, prefix, epoch: streams, shard, replicas }),
  );
  const appends = (await Promise.all(logs)).map((log) => {
    let last = 0;
    return async () => {
      const appended = await log.append(text, last);
      if (!appended.ok) throw new Error("somebody else appends to this log");
      last = appended.seq;
    };
  });
  return await rateOf(appends, DURATION_MS);
}

async function measureLeases(connection: NatsConnection): Promise<string> {
  const discovery = await openNatsDiscovery({ connection, prefix, replicas });
  const renewals = Array.from({ length: LEASES }, (_, shard) => async () => {
    if (!(await discovery.lease(shard, "n1", 2000))) throw new Error("somebody else has the lease");
  });
  return await rateOf(renewals, DURATION_MS);
}

/** From one connection to another, so that nothing is called directly. */
async function measureBus(near: NatsConnection, far: NatsConnection): Promise<string> {
  const common = {
    prefix,
    shardOf: () => 0,
    failed(what: string, error: unknown) {
      throw new Error(what, { cause: error });
    },
  };
  const handler = (async () => done({})) as unknown as Handler;
  const stop = createNatsBus({ connection: far, ...common }).serve(0, handler);
  await far.flush();
  const bus = createNatsBus({ connection: near, ...common });
  const [user_id, channel] = ["1" as UserId, "g1" as ChannelId];
  const asks = Array.from({ length: ASKERS }, () => async () => {
    const answer = await bus.request<"typing">({ kind: "typing", user_id, channel });
    if (!answer.ok) throw new Error(answer.refusal.message);
  });
  const rate = await rateOf(asks, DURATION_MS);
  stop();
  return rate;
}

async function tidy(connection: NatsConnection): Promise<void> {
  const jsm = await jetstreamManager(connection);
  for await (const name of jsm.streams.names()) {
    if (name.includes(prefix)) await jsm.streams.delete(name);
  }
}

say(JSON.stringify(await checkNats(options)));
const near = await connectNats(options);
const far = await connectNats(options);
try {
  for (const streams of [1, 16]) {
    say(`appends to ${streams}, ${RECORD_UNITS} B: ${await measureAppends(near, streams)}`);
  }
  say(`renewals of ${LEASES} leases: ${await measureLeases(near)}`);
  say(`requests, ${ASKERS} at a time: ${await measureBus(near, far)}`);
} finally {
  await tidy(near);
  await closeNats(near);
  await closeNats(far);
}
