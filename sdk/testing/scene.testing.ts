/** Two people, one server, and the first one's device online. */
import type { ChannelId, UserId } from "@damso/protocol";
import { directChannel } from "@damso/protocol/ids";
import { device, started } from "./device.ts";
import type { Device } from "./device.ts";
import { fakeServer } from "./fake-server.ts";
import type { FakeServer } from "./fake-server.ts";
import { userId } from "./records.ts";
import { world } from "./world.ts";
import type { World } from "./world.ts";

export const ann: UserId = userId(1);
export const bob: UserId = userId(2);
/** Of the two. */
export const channel: ChannelId = directChannel(ann, bob);

export type Scene = { here: World; server: FakeServer; one: Device };

export async function scene(seed: number = 1): Promise<Scene> {
  const here = world(seed);
  const server = fakeServer(here);
  return { here, server, one: await started(here, await device(here, server, ann)) };
}

/** Runs the world until a call has answered. */
export async function done<T>(here: World, call: Promise<T>): Promise<T> {
  let over = false;
  call.then(
    () => (over = true),
    () => (over = true),
  );
  await here.until(() => over);
  return call;
}

export function bodies(one: Device, id: ChannelId = channel): (string | undefined)[] {
  return one.client.messages(id).messages.map((m) => m.body);
}
