/** What happens to a server in one cycle. Each is drawn with its weight, at a moment that is drawn too. */
import { spawnServer } from "../server.ts";
import type { RigServer } from "../server.ts";
import { until } from "../until.ts";
import { attachAll, comeBack, disconnect, ended, fill, free, running } from "./world.testing.ts";
import type { World } from "./world.testing.ts";

type Kind = { weight: number; run(world: World): Promise<void> };

const LOAD_MS = 600_000;
const FULL_MS = [50, 400] as const;
const FELT_MS = 60_000;
const RECOVERY_MS = 60_000;

export const KINDS: Record<string, Kind> = {
  "kill -9": { weight: 34, run: killed },
  "kill -9 during start": { weight: 8, run: killedAtStart },
  "SIGSTOP, kill -9": { weight: 10, run: haltedAndKilled },
  "SIGSTOP, SIGCONT": { weight: 10, run: haltedForAWhile },
  "SIGTERM, drain": { weight: 12, run: drained },
  "disk full, freed": { weight: 4, run: (world) => full(world, true) },
  "writes refused, allowed again": { weight: 4, run: (world) => full(world, false) },
  "all clients gone and back": { weight: 18, run: allGone },
};

/** Each kind once, then by weight. */
function draw({ cycles, random }: World): [name: string, kind: Kind] {
  const kinds = Object.entries(KINDS);
  const fresh = kinds.filter(([name]) => cycles[name] === undefined);
  if (fresh.length > 0) return random.pick(fresh);
  let left = random.next() * kinds.reduce((sum, [, { weight }]) => sum + weight, 0);
  return kinds.find(([, { weight }]) => (left -= weight) < 0) ?? random.pick(kinds);
}

export async function drawFault(world: World): Promise<void> {
  const [name, { run }] = draw(world);
  world.cycles[name] = (world.cycles[name] ?? 0) + 1;
  try {
    await run(world);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${name}: ${reason}`, { cause: error });
  }
}

async function underLoad(world: World): Promise<RigServer> {
  const server = await running(world);
  for (const writer of world.cast.writers) writer.writing = true;
  const { counts } = world.cast.journal;
  const wanted = counts.acknowledged + world.random.int(0, 2 * world.sends);
  await until(() => isLoaded(world, server, wanted), `a load:\n${server.output()}`, LOAD_MS);
  await Bun.sleep(world.random.int(0, 20));
  return server;
}

/** Whether so many sends are acknowledged. Meanwhile whoever lost his connection comes back. */
function isLoaded(world: World, server: RigServer, wanted: number): boolean {
  if (!server.isRunning()) throw new Error(`the server ended by itself:\n${server.output()}`);
  comeBack(world, server);
  return world.cast.journal.counts.acknowledged >= wanted;
}

async function end(world: World, server: RigServer): Promise<void> {
  const exit = await server.kill();
  world.kills++;
  if (exit.signal !== "SIGKILL") throw new Error(`the server ended by itself:\n${server.output()}`);
  await ended(world);
}

async function killed(world: World): Promise<void> {
  await end(world, await underLoad(world));
}

/** After a kill, because a start needs a directory that nobody has. */
async function killedAtStart(world: World): Promise<void> {
  await killed(world);
  const starting = spawnServer(world.options);
  await Bun.sleep(world.random.int(0, 300));
  await starting.kill();
  world.kills++;
}

/** Some give up on their sockets; what these have not said yet is said twice when the server goes on. */
async function halt(world: World, server: RigServer): Promise<() => void> {
  server.signal("SIGSTOP");
  const impatient = world.cast.writers.filter(() => world.random.chance(0.5));
  const old = impatient.map(({ socket }) => socket);
  attachAll(world, server, impatient);
  await Bun.sleep(world.random.int(20, 400));
  return () => old.forEach((socket) => socket?.terminate());
}

async function haltedAndKilled(world: World): Promise<void> {
  const server = await underLoad(world);
  await halt(world, server);
  await end(world, server);
}

async function haltedForAWhile(world: World): Promise<void> {
  const server = await underLoad(world);
  const drop = await halt(world, server);
  server.signal("SIGCONT");
  await Bun.sleep(world.random.int(50, 300));
  drop();
}

async function drained(world: World): Promise<void> {
  const server = await underLoad(world);
  const exit = await server.stop();
  if (exit.code !== 0) {
    world.faults.push(`[P14] the server stopped with ${exit.code ?? exit.signal}`);
  }
  await ended(world);
}

async function full(world: World, really: boolean): Promise<void> {
  const server = await underLoad(world);
  const { counts } = world.cast.journal;
  const { later } = counts;
  fill(world, server, really);
  await Bun.sleep(world.random.int(...FULL_MS));
  await until(() => counts.later > later, "somebody to hear that nothing can be written", FELT_MS);
  // Now and then it ends before it had a chance to recover.
  if (world.random.chance(0.3)) {
    await end(world, server);
    free(world, server, really);
    return;
  }
  free(world, server, really);
  const before = counts.acknowledged;
  await until(
    () => isLoaded(world, server, before + 50),
    `sends to be accepted again:\n${server.output()}`,
    RECOVERY_MS,
  );
}

async function allGone(world: World): Promise<void> {
  const server = await underLoad(world);
  await disconnect(world);
  if (world.random.chance(0.5)) await Bun.sleep(world.random.int(0, 100));
  attachAll(world, server, world.cast.writers);
}
