import { machineCpuSeconds } from "../measure/machine.ts";
import { cpuSeconds, residentBytes } from "../measure/process.ts";
import { percentile } from "../measure/histogram.ts";
import { closeClient, connectClient, type Client, type Observer } from "./client.ts";
import { problemsOf } from "./completeness.ts";
import type { Plan, TrafficFigures, TrafficOutcome, TrafficPlan } from "./plan.ts";
import { createLoad, createTraffic, noteSent, type Load, type Traffic } from "./traffic.ts";

const heartbeatMilliseconds = 20_000;
const drainMilliseconds = 10_000;
const connectsAtOnce = 20;

/**
 * Connects everyone, runs one load through warm-up and measured seconds, stops sending, and waits
 * until everything acknowledged was delivered. What did not arrive in time is a problem.
 */
export async function runTraffic(plan: Plan, load: TrafficPlan): Promise<TrafficOutcome> {
  const traffic = createTraffic();
  const problems = new Set<string>();
  let driver: Load | undefined;
  const observer: Observer = {
    sent(client, id) {
      noteSent(traffic, client, id);
      driver?.sent(client);
    },
    delivered() {
      traffic.delivered += 1;
      driver?.delivered();
    },
    problem: (what) => problems.add(what),
  };
  const clients = await connectAll(plan, observer);
  clients.forEach((client, at) => (client.channel = channelOf(load, clients, at)));
  const heartbeat = setInterval(() => clients.forEach(beat), heartbeatMilliseconds);

  driver = createLoad(load, clients, traffic);
  driver.start();
  await Bun.sleep(load.warmup_seconds * 1000);
  const figures = await measure(plan, load.seconds, traffic);
  traffic.sending = false;
  await drained(clients, problems);
  clearInterval(heartbeat);
  for (const problem of problemsOf(clients)) problems.add(problem);
  clients.forEach(closeClient);
  return { kind: "traffic", figures, problems: [...problems] };
}

/** Connects in order, a few at a time. */
export async function connectAll(plan: Plan, observer: Observer): Promise<Client[]> {
  const clients: Client[] = [];
  for (let at = 0; at < plan.accounts.length; at += connectsAtOnce) {
    const some = plan.accounts.slice(at, at + connectsAtOnce);
    clients.push(
      ...(await Promise.all(some.map((one) => connectClient(plan.origin, one, observer)))),
    );
  }
  return clients;
}

function channelOf(load: TrafficPlan, clients: readonly Client[], at: number): string {
  if ("channel" in load) return load.channel;
  // All user ids have 19 digits, so the order of the strings is that of the numbers.
  const pair = [clients[at]!.user_id, clients[at ^ 1]!.user_id].sort();
  return `d${pair.join(".")}`;
}

function beat(client: Client): void {
  client.link.send('{"type":"ping","active":true}');
  client.link.flush();
}

async function measure(plan: Plan, seconds: number, traffic: Traffic): Promise<TrafficFigures> {
  const before = snapshot(plan.server_pid, traffic);
  traffic.measuring = true;
  await Bun.sleep(seconds * 1000);
  traffic.measuring = false;
  const after = snapshot(plan.server_pid, traffic);
  const server = after.serverCpu - before.serverCpu;
  const generator = after.generatorCpu - before.generatorCpu;
  return {
    seconds: after.seconds - before.seconds,
    messages: after.acknowledged - before.acknowledged,
    deliveries: after.delivered - before.delivered,
    sent_p50: percentile(traffic.sentLatency, 0.5),
    sent_p99: percentile(traffic.sentLatency, 0.99),
    fanout_p50: percentile(traffic.fanoutLatency, 0.5),
    fanout_p99: percentile(traffic.fanoutLatency, 0.99),
    server_cpu_seconds: server,
    generator_cpu_seconds: generator,
    other_cpu_seconds: Math.max(0, after.machineCpu - before.machineCpu - server - generator),
    server_resident_bytes: residentBytes(plan.server_pid),
  };
}

interface Snapshot {
  readonly seconds: number;
  readonly acknowledged: number;
  readonly delivered: number;
  readonly serverCpu: number;
  readonly generatorCpu: number;
  readonly machineCpu: number;
}

function snapshot(serverPid: number, { acknowledged, delivered }: Traffic): Snapshot {
  const own = process.cpuUsage();
  return {
    seconds: performance.now() / 1000,
    acknowledged,
    delivered,
    serverCpu: cpuSeconds(serverPid),
    generatorCpu: (own.user + own.system) / 1e6,
    machineCpu: machineCpuSeconds(),
  };
}

async function drained(clients: readonly Client[], problems: Set<string>): Promise<void> {
  const deadline = performance.now() + drainMilliseconds;
  while (problemsOf(clients).length > 0 && problems.size === 0 && performance.now() < deadline) {
    await Bun.sleep(20);
  }
}
