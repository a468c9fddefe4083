/** A cluster under load, hurt again and again; how long each channel waited for its next answer is written down. */
import type { Cluster } from "../cluster/cluster.ts";
import type { Flags } from "../cluster/engines.ts";
import type { Control } from "../services/services.ts";
import type { Cast } from "./cast.testing.ts";
import { flicker, settle } from "./cast.testing.ts";
import type { SendNote } from "./journal.testing.ts";
import type { Mounted } from "./full-disk.testing.ts";
import { mount } from "./full-disk.testing.ts";
import type { Link } from "./link.testing.ts";
import { openLink } from "./link.testing.ts";
import type { Random } from "./random.testing.ts";
import type { RigServer } from "./server.ts";
import { until } from "./until.ts";
import { attach } from "./writer.testing.ts";

export type Chaos = {
  cluster: Cluster;
  cast: Cast;
  random: Random;
  /** Engines that may be hurt, how many nodes each has, and the disk of each node where one could be mounted. */
  engines: { name: string; nodes: number; control: Control; disks: readonly Mounted[] }[];
  /** The ways of each node to the engines, where they can be hurt. */
  links: Links[];
  /** Members come and go. */
  restless: boolean;
  /** Somebody is coming or going. */
  moving: boolean;
  /** No more load. */
  over: boolean;
};

/** By the name of the flag that an engine is given with. */
export type Links = Record<"nats" | "cassandra" | "postgres", Link>;

/** One way to hurt it. Resolves when what was done is undone. */
export type Hurt = { name: string; run(chaos: Chaos): Promise<void> };

export type Outcome = { name: string; gaps_ms: number[] };

/** On a machine that does much else an engine alone may take a minute to be back. */
const RECOVERED_MS_MAX = 240_000;

/** All writers, each at whatever node it finds, until it is over. */
export async function load(chaos: Chaos): Promise<void> {
  const { cast } = chaos;
  const writers = cast.writers.map(async (writer) => {
    while (!chaos.over) {
      await attach(writer, someOrigin(chaos));
      await Bun.sleep(50);
    }
  });
  await Promise.all([...writers, comeAndGo(chaos)]);
}

async function comeAndGo(chaos: Chaos): Promise<void> {
  while (!chaos.over) {
    chaos.moving = chaos.restless;
    if (chaos.moving) await flicker(chaos.cast, someOrigin(chaos), () => !chaos.restless);
    chaos.moving = false;
    await Bun.sleep(50);
  }
}

/** Nobody comes, goes or writes any more, and everything said is answered. */
export async function calm(chaos: Chaos): Promise<void> {
  chaos.restless = false;
  await until(() => !chaos.moving, "the last to have come or gone", RECOVERED_MS_MAX);
  await settle(chaos.cast, RECOVERED_MS_MAX);
}

/** Resolves when so many sends are acknowledged in all. Rejects when minutes go by without one. */
export async function said({ cast }: Chaos, sends: number): Promise<void> {
  const { counts } = cast.journal;
  while (counts.acknowledged < sends) {
    const before = counts.acknowledged;
    await until(() => counts.acknowledged > before, "one more answer", RECOVERED_MS_MAX);
  }
}

/** Resolves when every device writes into each of its channels. */
export async function warm({ cast }: Chaos): Promise<void> {
  const lanes = cast.writers.reduce((sum, { channels }) => sum + channels.length, 0);
  const { order } = cast.journal;
  const answered = (): boolean =>
    order.size === lanes && [...order.values()].every((notes) => notes.some(({ place }) => place));
  await until(answered, "every channel to have a message", RECOVERED_MS_MAX);
}

/** Also of a node that is down: clients do not know that either. */
function someOrigin({ cluster, random }: Chaos): string {
  return random.pick(cluster.nodes).origin;
}

/** Hurts it, and waits until every lane had an answer to something that it began to say afterwards. */
export async function hurt(chaos: Chaos, { name, run }: Hurt): Promise<Outcome> {
  const began = performance.now();
  const undone = run(chaos);
  const gaps = new Map<string, number>();
  const { order } = chaos.cast.journal;
  const answered = (): boolean => {
    for (const [lane, notes] of order) {
      if (gaps.has(lane)) continue;
      const until_ms = firstAnswer(notes, began);
      if (until_ms !== undefined) gaps.set(lane, until_ms - began);
    }
    return gaps.size === order.size;
  };
  await until(answered, `every channel to be answered after: ${name}`, RECOVERED_MS_MAX);
  await undone;
  return { name, gaps_ms: [...gaps.values()] };
}

/** When the first of those that began after that moment was answered: a lane says one thing after the other. */
function firstAnswer(notes: readonly SendNote[], began: number): number | undefined {
  let first: number | undefined;
  for (let at = notes.length - 1; at >= 0; at--) {
    const { since_ms = 0, until_ms } = notes[at] as SendNote;
    if (since_ms <= began) break;
    first = until_ms ?? first;
  }
  return first;
}

const someNode = ({ cluster, random }: Chaos): number => random.int(0, cluster.nodes.length - 1);
const nodeAt = ({ cluster }: Chaos, at: number): RigServer => cluster.nodes[at] as RigServer;

export const NODE_HURTS: readonly Hurt[] = [
  {
    name: "a node is killed",
    async run(chaos) {
      const at = someNode(chaos);
      await nodeAt(chaos, at).kill();
      await Bun.sleep(chaos.random.int(500, 6000));
      await chaos.cluster.start(at);
    },
  },
  {
    name: "a node stands still for seconds",
    async run(chaos) {
      const node = nodeAt(chaos, someNode(chaos));
      node.signal("SIGSTOP");
      await Bun.sleep(chaos.random.int(1000, 8000));
      node.signal("SIGCONT");
    },
  },
  {
    name: "a node is restarted in good order",
    async run(chaos) {
      const at = someNode(chaos);
      await nodeAt(chaos, at).stop();
      await chaos.cluster.start(at);
    },
  },
  {
    name: "all nodes are restarted in good order, one after the other",
    async run(chaos) {
      for (const at of chaos.cluster.nodes.keys()) {
        await nodeAt(chaos, at).stop();
        await chaos.cluster.start(at);
      }
    },
  },
  {
    name: "all nodes are killed at once",
    async run(chaos) {
      await Promise.all(chaos.cluster.nodes.map((node) => node.kill()));
      for (const at of chaos.cluster.nodes.keys()) await chaos.cluster.start(at);
    },
  },
];

const ENGINES = ["nats", "cassandra", "postgres"] as const;

/** The ways of one node to engines that have one node each. */
export async function openLinks(flags: Flags): Promise<Links> {
  const open = (engine: (typeof ENGINES)[number]): Promise<Link> => {
    const { hostname, port } = new URL(flags[engine] ?? "");
    return openLink({ host: hostname, port: Number(port) });
  };
  const [nats, cassandra, postgres] = await Promise.all(ENGINES.map(open));
  return { nats, cassandra, postgres } as Links;
}

/** The flags of a node that goes these ways. */
export function through(links: Links, flags: Flags): Flags {
  return Object.fromEntries(
    ENGINES.map((engine) => {
      const url = new URL(flags[engine] ?? "");
      url.host = `127.0.0.1:${links[engine].port}`;
      return [engine, url.href];
    }),
  );
}

const someLinks = ({ links, random }: Chaos): Links => random.pick(links);

/** What may happen between nodes and engines. */
export const LINK_HURTS: readonly Hurt[] = [
  ...ENGINES.map((engine) => ({
    name: `a node and ${engine} hear nothing of each other for seconds`,
    async run(chaos: Chaos) {
      const link = someLinks(chaos)[engine];
      link.silence();
      await Bun.sleep(chaos.random.int(500, 12_000));
      link.mend();
    },
  })),
  ...ENGINES.map((engine) => ({
    name: `the way of a node to ${engine} is slow for seconds`,
    async run(chaos: Chaos) {
      const link = someLinks(chaos)[engine];
      link.slow(chaos.random.int(5, 300));
      await Bun.sleep(chaos.random.int(1000, 8000));
      link.mend();
    },
  })),
  {
    name: "a node is cut off from all engines for seconds",
    async run(chaos) {
      const links = Object.values(someLinks(chaos));
      for (const link of links) link.silence();
      await Bun.sleep(chaos.random.int(500, 12_000));
      for (const link of links) link.mend();
    },
  },
];

/** Sparse, and far more than a run writes: it is full when it is filled. */
const DISK_MB = 8192;

/** One for each of so many nodes of an engine; none where nothing can be mounted. */
export function mountDisks(nodes: number): Mounted[] {
  const disks = Array.from({ length: nodes }, () => mount(DISK_MB));
  return disks.filter((disk) => disk !== undefined);
}

/** What may happen to one node of an engine. */
export function engineHurts({ name, nodes, control, disks }: Chaos["engines"][number]): Hurt[] {
  const full: Hurt = {
    name: `the disk of ${name} is full for seconds, and ${name} started again when it is free`,
    async run({ random }) {
      const at = random.int(0, nodes - 1);
      disks[at]?.fill();
      await Bun.sleep(random.int(500, 8000));
      disks[at]?.free();
      await control.restart(at);
    },
  };
  return [
    ...(disks.length > 0 ? [full] : []),
    {
      name: `${name} is killed and started again`,
      async run({ random }) {
        const at = random.int(0, nodes - 1);
        await control.kill(at);
        await Bun.sleep(random.int(200, 3000));
        await control.restart(at);
      },
    },
    {
      name: `${name} stands still for seconds`,
      async run({ random }) {
        const at = random.int(0, nodes - 1);
        await control.pause(at);
        await Bun.sleep(random.int(500, 6000));
        await control.resume(at);
      },
    },
  ];
}

/** Nearest rank. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
