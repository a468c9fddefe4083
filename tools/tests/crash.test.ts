/**
 * A server that is killed, stopped and drained at random moments under load, again and again on one data directory.
 * Clients send again what was not answered, under the same `client_id`, and write down all they see; afterwards the
 * journal is held against the histories. `DAMSO_CRASH_SEED` chooses the moments; a long run is `mixed.crash.test.ts`.
 */
import { afterAll, expect, test } from "bun:test";
import {
  createCast,
  flicker,
  readTruth,
  renewReaders,
  sendAgain,
  settle,
  work,
} from "../rig/cast.testing.ts";
import type { Cast } from "../rig/cast.testing.ts";
import { faultsOf } from "../rig/checks.testing.ts";
import { call } from "../rig/http.testing.ts";
import { signUp } from "../rig/people.testing.ts";
import { createRandom, seedOf } from "../rig/random.testing.ts";
import type { Random } from "../rig/random.testing.ts";
import { endRig, spawnServer, startServer, temporary } from "../rig/server.ts";
import type { RigServer } from "../rig/server.ts";
import { within } from "../rig/until.ts";
import { attach } from "../rig/writer.testing.ts";

const HOUR = 3_600_000;
const RENEW_AFTER_MS = 8 * 60_000;
const KILLS = 30;
const FAULTS_SHOWN = 20;

type World = { data: string; random: Random; seed: number; cast: Cast; renewed_at: number };

afterAll(endRig);

async function createWorld(): Promise<World> {
  const seed = seedOf("DAMSO_CRASH_SEED");
  const random = createRandom(seed);
  const data = temporary("crash");
  const server = await startServer({ data });
  const cast = await createCast(server.origin, random);
  await server.stop();
  return { data, random, seed, cast, renewed_at: Date.now() };
}

/** Runs the server under load until `end` has ended it. */
async function cycle(world: World, end: (server: RigServer) => Promise<void>): Promise<void> {
  const { data, cast } = world;
  const server = await startServer({ data });
  if (Date.now() - world.renewed_at > RENEW_AFTER_MS) {
    await renewReaders(cast, server.origin);
    world.renewed_at = Date.now();
  }
  for (const writer of cast.writers) writer.writing = true;
  const over = [work(cast, server.origin), flicker(cast, server.origin, () => !server.isRunning())];
  await end(server);
  await within(Promise.all(over), 20_000, () => "the sockets of an ended server to close");
}

async function killed(world: World, server: RigServer): Promise<void> {
  await Bun.sleep(world.random.int(0, 400));
  const exit = await server.kill();
  if (exit.signal !== "SIGKILL") throw new Error(`the server ended by itself:\n${server.output()}`);
}

/** A start that does not get to its end. */
async function killedAtStart({ data, random }: World): Promise<void> {
  const starting = spawnServer({ data });
  await Bun.sleep(random.int(0, 500));
  await starting.kill();
}

/** Lets everything be answered, and asks whether all promises were kept. */
async function judge(world: World): Promise<void> {
  const { data, cast, seed } = world;
  const server = await startServer({ data });
  const over = work(cast, server.origin);
  await settle(cast);
  const again = await sendAgain(cast, server.origin, 200);
  const faults = [...faultsOf(cast.journal, await readTruth(cast, server.origin)), ...again];
  const exit = await server.stop();
  await over;
  if (exit.code !== 0) faults.push(`the server stopped with ${exit.code ?? exit.signal}`);
  if (faults.length === 0) return;
  const shown = faults.slice(0, FAULTS_SHOWN).join("\n");
  throw new Error(`seed ${seed}, ${faults.length} faults:\n${shown}`);
}

async function named(
  world: World,
  cycles: number,
  one: (at: number) => Promise<void>,
): Promise<void> {
  for (let at = 1; at <= cycles; at++) {
    try {
      await one(at);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`seed ${world.seed}, cycle ${at}: ${reason}`, { cause: error });
    }
  }
}

/** So that a pass means something: there was load, and moments were hit. */
function expectLoad({ cast }: World, cycles: number): void {
  const sends = [...cast.journal.sends.values()];
  expect(sends.filter(({ place }) => place).length).toBeGreaterThan(cycles * 3);
  expect(sends.filter(({ tries }) => tries > 1).length).toBeGreaterThan(cycles / 4);
}

test(
  "[I1][I3][I4][I5][I6][I7][I10][I22][S2] killed at random moments under load, nothing acknowledged is lost or doubled",
  async () => {
    const world = await createWorld();
    await named(world, KILLS, async () => {
      if (world.random.chance(0.15)) await killedAtStart(world);
      await cycle(world, (server) => killed(world, server));
    });
    await judge(world);
    expectLoad(world, KILLS);
  },
  HOUR,
);

test(
  "[I1][I4][I5][X6] halted for a while, with devices that come back meanwhile, nothing is lost or doubled",
  async () => {
    const world = await createWorld();
    const { cast, random } = world;
    await named(world, 4, async (at) => {
      const back: Promise<unknown>[] = [];
      await cycle(world, async (server) => {
        await Bun.sleep(random.int(50, 300));
        server.signal("SIGSTOP");
        // They give up on their sockets; what these have not said yet is said twice when the server goes on.
        const impatient = cast.writers.filter(() => random.chance(0.6));
        back.push(...impatient.map((writer) => attach(writer, server.origin)));
        await Bun.sleep(random.int(200, 900));
        if (at % 4 !== 0) server.signal("SIGCONT");
        await Bun.sleep(random.int(100, 400));
        await server.kill();
      });
      await within(Promise.all(back), 20_000, () => "the second sockets to close");
    });
    await judge(world);
    expectLoad(world, 4);
  },
  HOUR,
);

test(
  "[I1][I4][P12][P14] told to stop under load it says bye, ends with 0, and nothing acknowledged is lost",
  async () => {
    const world = await createWorld();
    await named(world, 3, async (at) => {
      const { cast } = world;
      const server = await startServer({ data: world.data });
      for (const writer of cast.writers) writer.writing = true;
      const closings = cast.writers.map((writer) => attach(writer, server.origin));
      // To someone new nothing happens but the new device, so his long poll still waits when the server has to stop.
      const { access_token: token } = await signUp(server.origin, "quiet");
      await call(server.origin, "GET", "/v1/feed?after=0&wait=5", { token });
      const waiting = call(server.origin, "GET", "/v1/feed?after=1&wait=30", { token });
      await Bun.sleep(world.random.int(100, 400));
      const since = performance.now();
      expect(await server.stop()).toEqual({ code: 0, signal: null });
      expect(performance.now() - since).toBeLessThan(5000);
      expect(await waiting).toMatchObject({ status: 200, body: { events: [] } });
      const codes = (await Promise.all(closings)).map((closing) => closing?.code);
      expect(codes).toEqual(codes.map(() => 4000));
      expect(cast.writers.map(({ byes }) => byes)).toEqual(cast.writers.map(() => at));
    });
    await judge(world);
  },
  HOUR,
);
