/** One server or a few that belong together: started, hurt in the ways that tests need, and ended. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { retry } from "./retry.ts";
import type { Command, Watched } from "./watched.ts";
import { startWatched } from "./watched.ts";

/** How one node is started and how one sees that it answers. */
export type Node = Pick<Command, "command" | "env" | "ending"> & {
  /** Asked again and again; ends by itself within seconds. */
  isReady(): Promise<boolean>;
};

export type Plan<Address> = {
  address: Address;
  nodes: readonly Node[];
  /** For more than one: throws while they do not work together. */
  probeAll?: () => Promise<unknown>;
};

/** What a test may do to nodes of its own. Nodes count from 0, in the order of their addresses. */
export type Control = {
  /** Ends all of them and removes their data. */
  stop(): Promise<void>;
  /** As `kill -9`. Resolves when it is dead; its data stay. */
  kill(node: number): Promise<void>;
  /** Asks it to stop by itself: SIGUSR2 is how one asks NATS to send its clients away first. Resolves when it is gone. */
  retire(node: number, signal: "SIGTERM" | "SIGUSR2"): Promise<void>;
  /** It keeps its connections and answers nothing. */
  pause(node: number): Promise<void>;
  resume(node: number): Promise<void>;
  /** Starts it again on its data, killed before if it still runs. Resolves when it answers, and when all run, when they have joined. */
  restart(node: number): Promise<void>;
  /** Process ids of those that run. */
  pids(): number[];
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
const LATE_TRIES = 2;
const TAKEN = /address (is )?already in use|could not bind|failed to bind|AddrInUse/i;

type Group<Address> = {
  service: Service<Address>;
  folder: string;
  plan: Plan<Address>;
  /** The last process of each node, dead or alive. */
  processes: Map<number, Watched>;
  paused: Set<number>;
  /** One of them did not come up: the others are not waited for. */
  isGivenUp: boolean;
};

/**
 * Starts the nodes at the same time; resolves when all of them answer and know each other.
 * @param places folders where each node's data are, on disks of their own, say; beside each other in one without them
 */
export async function startNodes<Address extends object>(
  service: Service<Address>,
  places: readonly string[] = [],
): Promise<Address & Control> {
  for (let tries = 1; ; tries += 1) {
    const group = await openGroup(service, places);
    try {
      await startAll(group);
      return { ...group.plan.address, ...controlOf(group) };
    } catch (error) {
      await stop(group);
      // A port that somebody took meanwhile, or servers that did not find each other in time: what is tested comes after.
      if (tries >= (TAKEN.test(String(error)) ? TRIES : LATE_TRIES)) throw error;
    }
  }
}

async function openGroup<Address>(
  service: Service<Address>,
  places: readonly string[],
): Promise<Group<Address>> {
  const folder = mkdtempSync(join(tmpdir(), `damso-${service.name}-`));
  for (const [at, place] of places.entries())
    symlinkSync(mkdtempSync(join(place, "data-")), join(folder, String(at)));
  try {
    // A server that runs as another user has to get through to its data.
    chmodSync(folder, 0o711);
    const plan = await service.plan(folder);
    const processes = new Map<number, Watched>();
    return { service, folder, plan, processes, paused: new Set(), isGivenUp: false };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

function controlOf<Address>(group: Group<Address>): Control {
  const { folder, paused, processes } = group;
  return {
    folder,
    pids: () => [...processes.values()].filter((one) => one.isRunning()).map(({ pid }) => pid),
    stop: () => stop(group),
    kill: (at) => kill(group, at),
    retire: async (at, signal) => {
      processes.get(at)?.tell(signal);
      await processes.get(at)?.exited;
    },
    pause: async (at) => {
      paused.add(at);
      await processes.get(at)?.signal("SIGSTOP");
    },
    resume: async (at) => {
      paused.delete(at);
      await processes.get(at)?.signal("SIGCONT");
    },
    restart: async (at) => {
      await kill(group, at);
      paused.delete(at);
      group.isGivenUp = false;
      await start(group, at);
      // With one of them away they may never join, and that may be what the test is about.
      const areAll = paused.size === 0 && [...processes.values()].every((one) => one.isRunning());
      if (areAll) await awaitJoin(group);
    },
  };
}

async function startAll<Address>(group: Group<Address>): Promise<void> {
  // All of them are waited for, so that none comes up after the group was stopped.
  const started = await Promise.allSettled(group.plan.nodes.map((_, at) => start(group, at)));
  const failed = started.filter((one) => one.status === "rejected");
  if (failed.length > 0) throw new Error(failed.map(({ reason }) => String(reason)).join("\n"));
  await awaitJoin(group);
}

async function start<Address>(group: Group<Address>, at: number): Promise<void> {
  const { service, folder, plan, processes } = group;
  const node = plan.nodes[at];
  if (!node) throw new Error(`${service.name} has no node ${at}`);
  const cwd = join(folder, String(at));
  mkdirSync(cwd, { recursive: true });
  const log = join(folder, `${at}.log`);
  const { command, env = {}, ending } = node;
  const watched = await startWatched({ command, env, ending, cwd, log, remove: folder });
  processes.set(at, watched);
  const { name, deadline_ms } = service;
  const isVain = (): string | undefined => {
    // A cluster that lacks a node may never answer.
    if (group.isGivenUp) return "another one did not start";
    return watched.isRunning() ? undefined : "it has ended";
  };
  const probe = async (): Promise<void> => {
    if (!(await node.isReady())) throw new Error("no answer");
  };
  try {
    await retry(probe, { what: `${name} ${at}`, deadline_ms, isVain });
  } catch (error) {
    group.isGivenUp = true;
    throw withLog(String(error), log);
  }
}

async function awaitJoin<Address>({
  service,
  folder,
  plan,
  processes,
}: Group<Address>): Promise<void> {
  const { name, deadline_ms } = service;
  const probeAll = plan.probeAll ?? (async () => {});
  const isVain = (): string | undefined =>
    [...processes.values()].every((one) => one.isRunning()) ? undefined : "one has ended";
  try {
    await retry(probeAll, { what: `the nodes of ${name} to join`, deadline_ms, isVain });
  } catch (error) {
    const logs = [...processes.keys()].map((at) => join(folder, `${at}.log`));
    throw logs.reduce((told, log) => withLog(told.message, log), error as Error);
  }
}

async function kill<Address>({ processes }: Group<Address>, at: number): Promise<void> {
  await processes.get(at)?.signal("SIGKILL");
  await processes.get(at)?.exited;
}

async function stop<Address>({ processes, folder }: Group<Address>): Promise<void> {
  await Promise.all([...processes.values()].map((watched) => watched.end()));
  rmSync(folder, { recursive: true, force: true });
}

const LOG_CHARACTERS_MAX = 3000;

function withLog(message: string, log: string): Error {
  const text = readFileSync(log, "utf8").slice(-LOG_CHARACTERS_MAX);
  return new Error(`${message}\nThe end of its log:\n${text}`);
}
