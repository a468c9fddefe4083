import { expect, test } from "bun:test";
import { USED_MS } from "./bounds.ts";
import { ANN, device, openScene } from "./scene.testing.ts";

test("[X7] a session whose socket is open is noted as in use, at the hello and from time to time", async () => {
  const scene = openScene();
  const { session_id } = device(ANN);
  const socket = await scene.join(device(ANN));
  expect(scene.used).toEqual([session_id]);
  for (let ms = 0; ms < 3 * USED_MS; ms += 30_000) {
    socket.say({ type: "ping" });
    await scene.advance(30_000);
  }
  expect(scene.used.length).toBeGreaterThanOrEqual(3);
  expect(scene.used.length).toBeLessThanOrEqual(4);
  socket.leave();
  const before = scene.used.length;
  await scene.advance(2 * USED_MS);
  expect(scene.used).toHaveLength(before);
});
