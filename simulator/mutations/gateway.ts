/** Sockets: what they are told, how much waits in them, and when they end. */
import type { Mutation } from "./mutation.ts";

export const GATEWAY: readonly Mutation[] = [
  {
    name: "head-never-sent",
    bug: "A socket that missed an event is not told that it is behind.",
    breaks: ["I21"],
    file: "server/gateway/outgoing.ts",
    find: 'push(hub, connection, `{"type":"head","pos":${pos}}`);',
    replace: "",
  },
  {
    name: "overtaken-event-pushed",
    bug: "An event that a later one has overtaken on the bus is pushed behind it.",
    breaks: ["I6"],
    file: "server/gateway/outgoing.ts",
    find: "if (pos <= connection.pushed) return;",
    replace: "",
    wiring: "sharded",
  },
  {
    name: "slow-reader-unbounded",
    bug: "What a peer does not read is not counted: a slow reader's events pile up without end.",
    breaks: ["I20"],
    file: "server/gateway/outgoing.ts",
    find: `connection.queued = 0;
  connection.buffered = socket.getBufferedAmount();`,
    replace: `connection.queued = 0;
  connection.buffered = 0;`,
  },
  {
    name: "opening-not-told",
    bug: "Nobody is told that a shard was opened: its homes know of no watcher, and of no device for seconds.",
    breaks: ["I17", "I23"],
    file: "core/owner/owner.ts",
    find: "tellOwned(bus, { shard: slot.shard, shards, tenure: `${life}/${tenure.number}` });",
    replace: "void [bus, life, shards];",
    wiring: "sharded",
  },
  {
    name: "revoke-not-propagated",
    bug: "A revoked session keeps its socket: nobody tells the gateway.",
    breaks: ["I17"],
    file: "core/shard/sessions.ts",
    find: `for (const gateway of home.gateways)
    shard.bus.send(gateway, [{ kind: "revoked", user_id, sessions }]);`,
    replace: "",
  },
  {
    name: "silence-for-ever",
    bug: "A gateway that its user's home has not answered for long keeps the sockets, also of sessions that it was not told the end of.",
    breaks: ["I17"],
    file: "server/gateway/silent.ts",
    find: "return now - answered_at > hub.silence_ms_max;",
    replace: "return answered_at - now > hub.silence_ms_max;",
    wiring: "sharded",
    // Ways between servers that are cut for longer than that, and sessions that end meanwhile.
    plan: {
      silence_ms: 6000,
      faults: ["partition", "one-way cut"],
      fault_ms: 4000,
      duration_ms: 60_000,
      acts: { send: 20, read: 8, revoke: 4, "log in": 4, history: 4 },
    },
  },
  {
    name: "leaving-not-asked-for",
    bug: "Whoever left while the word of it was lost is shown who types, until his device reads the page that tells of it.",
    breaks: ["I18"],
    file: "server/gateway/exchange.ts",
    find: "if (pos > user.rechecked && (await recheckOpen(hub, user))) user.rechecked = pos;",
    replace: "",
    wiring: "sharded",
    plan: {
      faults: ["lossy bus", "device freeze", "slow reader"],
      fault_ms: 500,
      duration_ms: 60_000,
      groups: 3,
      acts: { send: 4, typing: 20, open: 8, read: 8, "remove member": 4, "add member": 4 },
    },
  },
  {
    name: "held-events-dropped",
    bug: "Events that come while a device is greeted are thrown away, and it is not told of them.",
    breaks: ["I21"],
    file: "server/gateway/hello.ts",
    find: "for (const { pos, frame } of held) if (pos > covered) event(hub, connection, pos, frame);",
    replace: "for (const { pos } of held) if (pos > covered) connection.told = pos;",
  },
];
