import { expect, test } from "bun:test";
import { directChannel } from "@damso/protocol/ids";
import { device, difference, started } from "../testing/device.ts";
import { fakeServer } from "../testing/fake-server.ts";
import { userId } from "../testing/records.ts";
import { world } from "../testing/world.ts";

const [ann, bob] = [userId(1), userId(2)];

test("two people chat", async () => {
  const here = world();
  const server = fakeServer(here);
  const one = await started(here, await device(here, server, ann));
  const two = await started(here, await device(here, server, bob));
  const got: unknown[] = [];
  two.client.on("message", ({ message, live }) => got.push([message.body, live]));
  const sending = one.client.send(one.client.direct(bob), "안녕");
  await here.until(() => got.length === 1 && difference(server, one) === undefined);
  expect((await sending).seq).toBe(1);
  expect(got).toEqual([["안녕", true]]);
  expect(difference(server, two)).toBeUndefined();
  const channel = directChannel(ann, bob);
  expect(two.client.channel(channel)?.unread).toBe(1);
  two.client.read(channel, 1);
  expect(two.client.channel(channel)?.unread).toBe(0);
  await here.until(() => difference(server, two) === undefined);
  await Promise.all([one.client.stop(), two.client.stop()]);
});
