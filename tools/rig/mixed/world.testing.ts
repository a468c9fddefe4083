/**
 * One server on one data directory, with its clients, for a run as long as one likes: it outlives the faults that leave
 * it alive, and is started again after the others. What was checked is forgotten, so that memory stays bounded.
 */
import type { Cast } from "../cast.testing.ts";
import { addGroups, createCast, flicker, renewReaders } from "../cast.testing.ts";
import { limitServer, mountDisk, TRAPPED } from "../full-disk.testing.ts";
import type { Disk } from "../full-disk.testing.ts";
import type { SendNote } from "../journal.testing.ts";
import { createRandom } from "../random.testing.ts";
import type { Random } from "../random.testing.ts";
import { startServer, temporary } from "../server.ts";
import type { RigServer, StartOptions } from "../server.ts";
import { until, within } from "../until.ts";
import { attach } from "../writer.testing.ts";
import type { Writer } from "../writer.testing.ts";
import { readOn } from "./reads.testing.ts";
import type { Read } from "./reads.testing.ts";

export type World = {
  seed: number;
  random: Random;
  options: StartOptions;
  sends: number;
  /** A file system of its own, where one can be mounted. */
  mounted: Disk | undefined;
  cast: Cast;
  server: RigServer | undefined;
  /** What ends when the sockets of the running server have closed. */
  over: Set<Promise<unknown>>;
  /** How many sockets a device has that did not close yet. */
  attached: Map<Writer, number>;
  /** The one who comes and goes is doing so. */
  flickering: Promise<void> | undefined;
  quiet: boolean;
  renewed_at: number;
  /** Some sends of long ago, to be sent again. */
  samples: SendNote[];
  faults: string[];
  cycles: Record<string, number>;
  /** Processes that `kill -9` ended. */
  kills: number;
  /** All that was done, when a history is asked for. */
  history: { sends: SendNote[]; reads: Read[] } | undefined;
};

const RENEW_AFTER_MS = 8 * 60_000;
const COMPLETE_MS = 60_000;
const PACE_MS = 0;
/** Beside those that every cast has. */
const GROUPS = 18;
const CHANGES = 0.25;
/** Rows, feeds and what is not compacted yet. */
const KILOBYTES_PER_CYCLE = 8192;
const MEGABYTES_MIN = 512;

/** @param sends how many are acknowledged before something happens, on average */
export async function createWorld(
  seed: number,
  cycles: number,
  sends: number,
  recorded: boolean,
): Promise<World> {
  const random = createRandom(seed);
  const mounted = mountDisk(MEGABYTES_MIN + Math.ceil((cycles * KILOBYTES_PER_CYCLE) / 1024));
  const data = mounted?.options.data ?? temporary("mixed");
  const options: StartOptions = { data, wrapper: TRAPPED, flags: { "drain-ms": "100" } };
  const server = await startServer(options);
  const cast = await createCast(server.origin, random, PACE_MS);
  await addGroups(cast, server.origin, GROUPS);
  for (const writer of cast.writers) writer.changes = CHANGES;
  await server.stop();
  return {
    seed,
    random,
    options,
    sends,
    mounted,
    cast,
    server: undefined,
    over: new Set(),
    attached: new Map(),
    flickering: undefined,
    quiet: false,
    renewed_at: Date.now(),
    samples: [],
    faults: [],
    cycles: {},
    kills: 0,
    history: recorded ? { sends: [], reads: [] } : undefined,
  };
}

/** The running server with everybody attached; started when there is none. */
export async function running(world: World): Promise<RigServer> {
  const { cast } = world;
  const server = (world.server ??= await startServer(world.options));
  if (Date.now() - world.renewed_at > RENEW_AFTER_MS) {
    await renewReaders(cast, server.origin);
    world.renewed_at = Date.now();
  }
  comeBack(world, server);
  if (!world.quiet) world.flickering ??= comeAndGo(world, server);
  return server;
}

/** Who has no connection makes one. */
export function comeBack(world: World, server: RigServer): void {
  const away = world.cast.writers.filter((writer) => !world.attached.get(writer));
  attachAll(world, server, away);
}

async function comeAndGo(world: World, server: RigServer): Promise<void> {
  const isOver = (): boolean => world.quiet || world.server !== server || !server.isRunning();
  await Promise.all([
    flicker(world.cast, server.origin, isOver),
    world.history && readOn(world, server.origin, isOver),
  ]);
  world.flickering = undefined;
}

/** Nobody comes or goes, and nothing new is written. */
export async function hush(world: World): Promise<RigServer> {
  world.quiet = true;
  const server = await running(world);
  await world.flickering;
  await until(() => isComplete(world, server), "everybody to be there", COMPLETE_MS);
  return server;
}

function isComplete(world: World, server: RigServer): boolean {
  comeBack(world, server);
  return world.cast.writers.every(({ socket }) => socket?.isOpen() === true);
}

export function attachAll(world: World, server: RigServer, writers: readonly Writer[]): void {
  for (const writer of writers) track(world, writer, attach(writer, server.origin));
}

function track(world: World, writer: Writer, attachment: Promise<unknown>): void {
  const { over, attached, faults } = world;
  attached.set(writer, (attached.get(writer) ?? 0) + 1);
  const end = attachment
    .catch((error: unknown) => void faults.push(`${writer.name}: ${String(error)}`))
    .then(() => {
      attached.set(writer, (attached.get(writer) ?? 1) - 1);
      over.delete(end);
    });
  over.add(end);
}

/** Every client drops its connection, and the server lives on. */
export async function disconnect(world: World): Promise<void> {
  for (const { socket, unanswered } of world.cast.writers) {
    for (const note of unanswered.values()) if (note.tries > 0) note.stray = true;
    socket?.terminate();
  }
  await Bun.sleep(0);
}

/** The server has ended, or is about to: its sockets close, and there is none until `running`. */
export async function ended(world: World): Promise<void> {
  world.server = undefined;
  const all = Promise.all([...world.over, world.flickering]);
  await within(all, 20_000, () => "the sockets of an ended server to close");
  world.over.clear();
}

export function fill(world: World, server: RigServer, really: boolean): void {
  if (really && world.mounted) world.mounted.fill(server);
  else limitServer(server, "4096");
}

export function free(world: World, server: RigServer, really: boolean): void {
  if (really && world.mounted) world.mounted.free(server);
  // A limit ends with its process.
  else if (server.isRunning()) limitServer(server, "unlimited");
}
