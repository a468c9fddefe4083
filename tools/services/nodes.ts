/** One server or a few that belong together: started, hurt in the ways that tests need, and ended. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "./until.ts";
import type { Command, Watched } from "./watched.ts";
import { startWatched } from "./watched.ts";

/** How one node is started and how one sees that it answers. */
export type Node = Pick<Command, "command" | "env" | "ending"> & {
  isReady(): Promise<boolean>;
};

export type Plan<Address> = {
  address: Address;
  nodes: readonly Node[];
  /** For more than one: true when they work together. */
  areJoined?: () => Promise<boolean>;
};

/** What a test may do to nodes of its own. Nodes count from 0, in the order of their addresses. */
export type Control = {
  /** Ends all of them and removes their data. */
  stop(): Promise<void>;
  /** As `kill -9`. Resolves when it is dead; its data stay. */
  kill(node: number): Promise<void>;
  /** It keeps its connections and answers nothing. */
  pause(node: number): Promise<void>;
  resume(node: number): Promise<void>;
  /** Starts it again on its data, killed before if it still runs. Resolves when it answers. */
  restart(node: number): Promise<void>;
  /** The folder with the data of each node in `0`, `1`, … and its log in `0.log`, `1.log`, … */
  folder: string;
};

export type Service<Address> = {
  /** `nats` */
  name: string;
  /** How long a node may take until it answers. */
  deadline_ms: number;
  /** Chooses ports and writes what the nodes read; asked again when a port was taken meanwhile. */
  plan(folder: string): Promise<Plan<Address>>;
};

const TRIES = 5;
const TAKEN = /address (is )?already in use|could not bind|AddrInUse/i;

/** Starts the nodes at the same time; resolves when all of them answer and know each other. */
export async function startNodes<Address extends object>(
  service: Service<Address>,
): Promise<Address & Control> {
  for (let tries = 1; ; tries += 1) {
    const group = await openGroup(service);
    try {
      await group.start();
      return { ...group.plan.address, ...group.control };
    } catch (error) {
      await group.control.stop();
      if (tries >= TRIES || !TAKEN.test(String(error))) throw error;
    }
  }
}

type Group<Address> = { plan: Plan<Address>; control: Control; start(): Promise<void> };

async function openGroup<Address>(service: Service<Address>): Promise<Group<Address>> {
  const { name, deadline_ms } = service;
  const folder = mkdtempSync(join(tmpdir(), `damso-${name}-`));
  // A server that runs as another user has to get through to its data.
  chmodSync(folder, 0o711);
  const plan = await service.plan(folder).catch((error: Error) => {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  });
  const running = new Map<number, Watched>();
  let givenUp = false;

  async function startOne(at: number): Promise<void> {
    const node = plan.nodes[at];
    if (!node) throw new Error(`${name} has no node ${at}`);
    const cwd = join(folder, String(at));
    mkdirSync(cwd, { recursive: true });
    const log = join(folder, `${at}.log`);
    const { command, env = {}, ending } = node;
    const watched = await startWatched({ command, env, ending, cwd, log, remove: folder });
    running.set(at, watched);
    const isReady = async (): Promise<boolean> => {
      // A process that has ended will never answer, and a cluster that lacks a node may not either.
      if (!watched.isRunning() || givenUp)
        throw new Error(`${name} ${at} ended before it answered`);
      return await node.isReady();
    };
    try {
      await until(isReady, `${name} ${at} to answer`, deadline_ms);
    } catch (error) {
      givenUp = true;
      throw withLog(error as Error, log);
    }
  }

  async function killOne(at: number): Promise<void> {
    await running.get(at)?.signal("SIGKILL");
    await running.get(at)?.exited;
  }

  async function stop(): Promise<void> {
    await Promise.all([...running.values()].map((watched) => watched.end()));
    rmSync(folder, { recursive: true, force: true });
  }

  const control: Control = {
    folder,
    stop,
    kill: killOne,
    pause: async (at) => running.get(at)?.signal("SIGSTOP"),
    resume: async (at) => running.get(at)?.signal("SIGCONT"),
    restart: async (at) => {
      await killOne(at);
      givenUp = false;
      await startOne(at);
    },
  };

  async function start(): Promise<void> {
    // All of them are waited for, so that none comes up after the group was given up.
    const started = await Promise.allSettled(plan.nodes.map((_, at) => startOne(at)));
    const failed = started.filter((one) => one.status === "rejected");
    if (failed.length > 0) throw new Error(failed.map(({ reason }) => String(reason)).join("\n"));
    const areJoined = plan.areJoined ?? (async () => true);
    await until(areJoined, `the nodes of ${name} to join`, deadline_ms);
  }

  return { plan, control, start };
}

const LOG_CHARACTERS_MAX = 3000;

function withLog(error: Error, log: string): Error {
  const text = readFileSync(log, "utf8").slice(-LOG_CHARACTERS_MAX);
  return new Error(`${error.message}\nThe end of its log:\n${text}`, { cause: error });
}
