import { createHistogram, record, type Histogram } from "../measure/histogram.ts";
import type { Client } from "./client.ts";
import { createClientIds } from "./client_id.ts";
import type { TrafficPlan } from "./plan.ts";

/** What a phase sees: running totals and the latencies of the measured seconds, in µs. */
export interface Traffic {
  acknowledged: number;
  delivered: number;
  /** Latencies are recorded. */
  measuring: boolean;
  /** New messages are sent. */
  sending: boolean;
  readonly sentLatency: Histogram;
  readonly fanoutLatency: Histogram;
}

/** How one kind of load reacts; `start` returns at once. */
export interface Load {
  start(): void;
  sent(client: Client): void;
  delivered(): void;
}

const nextClientId = createClientIds(Date.now, Math.random);
/** 64 ASCII characters: a usual message. */
const body = "Are we still on for lunch at noon, at the usual place by a river";

/** Nothing sent, nothing seen. */
export function createTraffic(): Traffic {
  return {
    acknowledged: 0,
    delivered: 0,
    measuring: false,
    sending: true,
    sentLatency: createHistogram(),
    fanoutLatency: createHistogram(),
  };
}

/** The load that a plan asks for, over clients whose `channel` is set. */
export function createLoad(plan: TrafficPlan, clients: readonly Client[], traffic: Traffic): Load {
  switch (plan.kind) {
    case "closed":
      return closedLoop(clients, plan.window, traffic);
    case "group":
      return closedLoop(clients.slice(0, plan.senders), plan.window, traffic);
    case "open":
      return openLoop(clients, plan.per_second, traffic);
    case "single":
      return oneAtATime(clients, traffic);
  }
}

/** Each sender keeps `window` messages unanswered. */
function closedLoop(senders: readonly Client[], window: number, traffic: Traffic): Load {
  return {
    start() {
      for (const client of senders) {
        for (let sends = 0; sends < window; sends += 1) send(client);
        client.link.flush();
      }
    },
    sent(client) {
      if (traffic.sending) send(client);
    },
    delivered() {},
  };
}

/** Sends are due at fixed times; after a late wake-up all that are due go out at once. */
function openLoop(clients: readonly Client[], perSecond: number, traffic: Traffic): Load {
  const interval = 1000 / perSecond;
  let due = 0;
  let count = 0;

  function tick(): void {
    if (!traffic.sending) return;
    for (; due <= performance.now(); due += interval) {
      const client = clients[count++ % clients.length]!;
      send(client);
      client.link.flush();
    }
    setTimeout(tick, Math.max(0, due - performance.now()));
  }
  return {
    start() {
      due = performance.now();
      tick();
    },
    sent() {},
    delivered() {},
  };
}

/** The first client sends; it sends again when it has its answer and everyone has the message. */
function oneAtATime(clients: readonly Client[], traffic: Traffic): Load {
  const sender = clients[0]!;
  let messages = 0;
  let sentAt = 0;

  function next(): void {
    messages += 1;
    sentAt = performance.now();
    send(sender);
    sender.link.flush();
  }
  function proceed(): void {
    const complete =
      traffic.acknowledged === messages && traffic.delivered === messages * clients.length;
    if (!complete) return;
    if (traffic.measuring) record(traffic.fanoutLatency, (performance.now() - sentAt) * 1000);
    if (traffic.sending) next();
  }
  return { start: next, sent: proceed, delivered: proceed };
}

function send(client: Client): void {
  const id = ++client.frames;
  client.sentAt[id % client.sentAt.length] = performance.now();
  client.link.send(
    `{"type":"send","id":${id},"channel":"${client.channel}","client_id":"${nextClientId()}","body":"${body}"}`,
  );
}

/** Notes an acknowledgement and, while measuring, how long it took. */
export function noteSent(traffic: Traffic, client: Client, id: number): void {
  traffic.acknowledged += 1;
  if (!traffic.measuring) return;
  const sentAt = client.sentAt[id % client.sentAt.length]!;
  record(traffic.sentLatency, (performance.now() - sentAt) * 1000);
}
