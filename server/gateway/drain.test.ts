import { describe, expect, test } from "bun:test";
import { done } from "@damso/core/result";
import { ANN, CLIENT_ID, device, DIRECT, errorOf, openScene, sent } from "./scene.testing.ts";
import type { FakeSocket } from "./scene.testing.ts";

const send = { type: "send", id: 1, channel: DIRECT, client_id: CLIENT_ID, body: "hello" };

describe("draining", () => {
  test("[P12] sockets get a bye and 4000, spread over the time", async () => {
    const scene = openScene();
    const sockets: FakeSocket[] = [];
    for (let n = 1; n <= 40; n++) sockets.push(await scene.join(device(ANN, n)));
    let gone = false;
    void scene.gateway.drain(2000).then(() => (gone = true));
    const closed = (): number => sockets.filter((socket) => socket.closed).length;
    await scene.settle();
    expect(closed()).toBe(1);
    await scene.advance(1000);
    expect([closed() > 2, closed() < 40, gone]).toEqual([true, true, false]);
    for (let past = 0; past < 12; past++) await scene.advance(1000);
    expect([closed(), gone]).toEqual([40, true]);
    for (const socket of sockets) {
      expect(socket.frames).toEqual([{ type: "bye", reason: "going_away", retry_after_ms: 1000 }]);
      expect(socket.closed?.code).toBe(4000);
    }
  });

  test("[I22] what a socket has in flight is answered before it is closed; new frames are busy", async () => {
    const scene = openScene();
    const held = scene.hold("send");
    const socket = await scene.join(device(ANN));
    socket.say(send);
    void scene.gateway.drain(1000);
    await scene.settle();
    socket.say({ ...send, id: 2 });
    await scene.settle();
    expect(errorOf(socket, 2)).toBe("busy");
    expect(socket.closed).toBeUndefined();
    await held.answer(done(sent(1)));
    await scene.advance(250);
    expect(socket.of("sent")).toHaveLength(1);
    expect(socket.closed?.code).toBe(4000);
  });

  test("[P12] what is not answered in time is closed all the same", async () => {
    const scene = openScene();
    scene.hold("send");
    const socket = await scene.join(device(ANN));
    socket.say(send);
    let gone = false;
    void scene.gateway.drain(500).then(() => (gone = true));
    for (let past = 0; past < 16; past++) await scene.advance(250);
    expect([socket.closed?.code, gone]).toEqual([4000, true]);
  });

  test("a new socket is turned away, a greeting one too, a poll is answered", async () => {
    const scene = openScene();
    scene.hold("attach");
    const greeting = scene.connect();
    greeting.say({ type: "hello", id: 1, token: device(ANN).token });
    await scene.settle();
    await scene.gateway.drain(0);
    const late = scene.connect();
    await scene.settle();
    expect([greeting.closed?.code, late.closed?.code]).toEqual([4000, 4000]);
    expect(scene.counters.connections).toBe(0);
  });

  test("[P23] a poll that waits is answered empty", async () => {
    const scene = openScene();
    const { token: _token, ...ann } = device(ANN);
    const asked = scene.gateway.poll(ann, { after: 0, wait_ms: 30_000 });
    await scene.settle();
    await scene.gateway.drain(0);
    expect(await asked).toMatchObject({ ok: true, value: { events: [] } });
  });
});
