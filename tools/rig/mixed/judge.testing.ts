/** Lets everything be answered, asks whether all promises were kept, and forgets what was found right. */
import { readTruth, renewGroups, sendAgain, settle } from "../cast.testing.ts";
import { faultsOf } from "../checks.testing.ts";
import { checkPasts, forget, sample } from "./forget.testing.ts";
import { readAll } from "./reads.testing.ts";
import { disconnect, ended, hush } from "./world.testing.ts";
import type { World } from "./world.testing.ts";

const SENT_AGAIN = 60;

/** @param last reads all of every history once more, and stops the server */
export async function judge(world: World, last: boolean): Promise<void> {
  const { cast, samples, random } = world;
  const { journal } = cast;
  const server = await hush(world);
  await settle(cast);
  const truth = await readTruth(cast, server.origin);
  world.faults.push(...faultsOf(journal, truth));
  journal.faults = [];
  sample(samples, journal, random);
  world.faults.push(...(await sendAgain(cast, server.origin, SENT_AGAIN, samples)));
  world.history?.sends.push(...journal.sends.values());
  forget(journal, truth);
  if (!last) {
    await renewGroups(cast, server.origin);
    world.quiet = false;
    return disconnect(world);
  }
  if (world.history) await readAll(world, server.origin);
  world.faults.push(...(await checkPasts(cast, server.origin)));
  const exit = await server.stop();
  if (exit.code !== 0)
    world.faults.push(`[P14] the server stopped with ${exit.code ?? exit.signal}`);
  await ended(world);
}
