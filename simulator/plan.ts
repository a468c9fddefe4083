/**
 * What a run is made of, drawn from its seed: who there is, what they do, and which faults there are. Every run has only
 * some of the faults and acts (swarm testing), because too many at once hide each other.
 */
import type { MemoryMax } from "@damso/core/shard/memory";
import type { FeedKept } from "@damso/core/user/cover";
import type { Random } from "./kernel/random.ts";

export const FAULTS = [
  "server crash",
  "server freeze",
  "server drain",
  "slow disk",
  "failing sync",
  "full disk",
  "unreadable disk",
  "accounts away",
  "slow network",
  "lossy network",
  "partition",
  "one-way cut",
  "all disconnected",
  "device kill",
  "device freeze",
  "device wiped",
  "device rewound",
  "slow reader",
  "second tab",
  "device clock",
  "server clock",
  "backup restored",
  "lossy bus",
  "log trouble",
  "table trouble",
  "discovery away",
  "table away",
] as const;
export type FaultKind = (typeof FAULTS)[number];

export const ACTS = [
  "send",
  "reply",
  "resend",
  "edit",
  "delete",
  "hide",
  "react",
  "pin",
  "read",
  "set",
  "create group",
  "add member",
  "remove member",
  "leave",
  "block",
  "unblock",
  "open",
  "history",
  "pry",
  "body",
  "typing",
  "watch",
  "active",
  "poll",
  "log in",
  "log out",
  "revoke",
] as const;
export type ActKind = (typeof ACTS)[number];

export type Wiring = "single" | "sharded";

/** What I17 allows a gateway that is cut off from a home. */
export const SILENCE_MS = 60_000;

export type Plan = {
  wiring: Wiring;
  servers: number;
  shards: number;
  users: number;
  devices: number;
  devices_per_user_max: number;
  groups: number;
  /** Of the phase with faults. */
  duration_ms: number;
  /** Mean time between two acts of one device. */
  act_ms: number;
  acts: Partial<Record<ActKind, number>>;
  /** How often a fault begins, in the mean, each. */
  fault_ms: number;
  faults: FaultKind[];
  /** Of bodies. */
  long: number;
  rate_limits: boolean;
  /** What waits in a socket counts so many times: few bytes fill the bounds of a gateway then. */
  weight_of_waiting: number;
  push_refusals: number;
  /** What a shard keeps in memory though nobody asks for it; undefined: more than a run has. */
  memory_max: MemoryMax | undefined;
  /** How long no server runs when everything else is over: 0, or a minute or so. */
  night_ms: number;
  /** In the end everybody signs in on a new device and reads everything there is for him. */
  cold_end: boolean;
  /** How much of each feed stays; undefined: more than a run has. */
  feed_kept: FeedKept | undefined;
  /** How long a gateway keeps the sockets of users whose home says nothing. */
  silence_ms: number;
};

export const SHARDED_FAULTS: readonly FaultKind[] = [
  "lossy bus",
  "log trouble",
  "table trouble",
  "discovery away",
  "table away",
];
export const SINGLE_FAULTS: readonly FaultKind[] = [
  "slow disk",
  "failing sync",
  "full disk",
  "unreadable disk",
  "backup restored",
];

const WEIGHTS: Record<ActKind, number> = {
  send: 40,
  reply: 4,
  resend: 3,
  edit: 4,
  delete: 2,
  hide: 1,
  react: 4,
  pin: 1,
  read: 8,
  set: 2,
  "create group": 1,
  "add member": 2,
  "remove member": 1.5,
  leave: 0.7,
  block: 0.5,
  unblock: 0.8,
  open: 2,
  history: 2,
  pry: 1,
  body: 1,
  typing: 1,
  watch: 1,
  active: 1,
  poll: 0.5,
  "log in": 0.4,
  "log out": 0.2,
  revoke: 0.3,
};

/** Acts that every run has. */
const ALWAYS: readonly ActKind[] = ["send", "read"];

/** So little that whatever is asked for has been dropped meanwhile. */
function scarce(random: Random): MemoryMax {
  return {
    channels: random.pick([1, 4, 1000]),
    users: random.pick([1, 4, 1000]),
    messages: random.pick([1, 8, 1000]),
  };
}

/** So little that a device which was away for seconds has to begin anew; yet more than one commit brings. */
function shortFeed(random: Random, wiring: Wiring): FeedKept {
  // Of a commit of the sharded store the checkers see the end only, and what goes in it may have come in it.
  const least = wiring === "single" ? 10 : 100;
  return {
    entries: random.int(least, random.pick([least + 10, 200])),
    ms: random.pick([0, 0, 2000, 8000]),
    step: random.int(2, random.pick([10, 40])),
    cover_every: random.pick([4, 8, 32]),
  };
}

/** What short feeds are for: apps that are away, and meanwhile somebody comes and goes; and trimming while one reads. */
const AWAY: readonly FaultKind[] = ["device kill", "device freeze"];
const SLOW: Readonly<Record<Wiring, readonly FaultKind[]>> = { single: ["slow disk"], sharded: [] };
const MEMBERSHIP: readonly ActKind[] = ["add member", "remove member", "leave"];

/** The same people on feeds that do not reach as far as some of them are away, which happens often. */
function onShortFeeds(plan: Plan, feed_kept: FeedKept): Plan {
  const acts = { ...plan.acts };
  for (const act of MEMBERSHIP) acts[act] ??= WEIGHTS[act];
  const wanted = [...AWAY, ...SLOW[plan.wiring], ...plan.faults];
  const faults = FAULTS.filter((kind) => wanted.includes(kind));
  const { users, groups, act_ms, fault_ms } = plan;
  return {
    ...plan,
    acts,
    faults,
    feed_kept,
    users: Math.min(users, 3),
    groups: Math.max(groups, 1),
    // Those who are there do what the others do not.
    act_ms: Math.min(act_ms, 200) / 2,
    fault_ms: Math.min(fault_ms, 1500),
  };
}

/** Everything that is fixed about a run before it begins. */
export function drawPlan(random: Random, wiring: Wiring): Plan {
  const acts: Plan["acts"] = {};
  for (const act of ACTS) {
    if (ALWAYS.includes(act) || random.chance(0.6))
      acts[act] = WEIGHTS[act] * (0.3 + 1.4 * random.next());
  }
  const possible = FAULTS.filter(
    (kind) => !(wiring === "single" ? SHARDED_FAULTS : SINGLE_FAULTS).includes(kind),
  );
  const share = random.pick([0, 0.2, 0.4, 0.7]);
  const faults = possible.filter((kind) =>
    random.chance(kind === "backup restored" ? share / 3 : share),
  );
  const crowd = random.chance(0.1);
  const devices = crowd ? random.int(10, 24) : random.int(2, 9);
  const duration_ms = random.int(10, 60) * 1000;
  // Not more acts than a run can be judged by in a second or two.
  const fastest_ms = (devices * duration_ms) / (crowd ? 500 : 1500);
  const plan: Plan = {
    wiring,
    servers: wiring === "single" ? 1 : random.int(2, 4),
    shards: wiring === "single" ? 1 : random.pick([1, 2, 4, 8]),
    users: crowd ? random.int(2, 8) : random.int(2, 6),
    devices,
    devices_per_user_max: crowd ? 20 : 4,
    groups: random.int(0, 3),
    duration_ms,
    act_ms: Math.max(fastest_ms, random.pick([40, 80, 150, 300])),
    acts,
    fault_ms: random.pick([1500, 4000, 9000]),
    faults,
    long: random.pick([0, 0.01, 0.04]),
    rate_limits: random.chance(0.2),
    weight_of_waiting: random.pick([1, 60, 400]),
    push_refusals: random.pick([0, 0, 0.3]),
    memory_max: random.chance(0.3) ? scarce(random) : undefined,
    night_ms: random.chance(0.1) ? random.int(40_000, 75_000) : 0,
    cold_end: random.chance(0.15),
    feed_kept: undefined,
    silence_ms: wiring === "sharded" && random.chance(0.5) ? random.int(6000, 12_000) : SILENCE_MS,
  };
  return random.chance(0.3) ? onShortFeeds(plan, shortFeed(random, wiring)) : plan;
}
