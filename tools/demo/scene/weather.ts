/** Networks that fail: sends that lose their connection, and sockets cut at random. */
import { devicesOf } from "./stage.ts";
import type { Stage } from "./stage.ts";

const LOSSY_DEVICES = 0.4;
const LOST_SENDS = 0.12;
const CUT_EVERY_MS = 150;

export async function storm(stage: Stage): Promise<void> {
  const devices = stage.actors.flatMap(devicesOf);
  const lossy = devices.filter(() => stage.random.chance(LOSSY_DEVICES));
  await Promise.all(lossy.map((device) => device.do("loss", LOST_SENDS)));
}

/** No more losses, and everybody reconnects once: an event that was lost as the last one shows no gap. */
export async function calm(stage: Stage): Promise<void> {
  const devices = stage.actors.flatMap(devicesOf);
  await Promise.all(devices.map((device) => device.do("loss", 0)));
  await Promise.all(devices.map((device) => device.do("cut")));
}

/** Cuts one socket after the other until `over`; answers how many. */
export async function lightning(stage: Stage, over: () => boolean): Promise<number> {
  const devices = stage.actors.flatMap(devicesOf);
  let cuts = 0;
  while (!over()) {
    await stage.random.pick(devices).do("cut");
    cuts++;
    await Bun.sleep(CUT_EVERY_MS);
  }
  return cuts;
}
