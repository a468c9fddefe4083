import { afterEach, describe, expect, test } from "bun:test";
import { until } from "@damso/contracts/until";
import { done } from "@damso/core/result";
import { refusal } from "@damso/protocol/codes";
import { LIMITS } from "@damso/protocol/limits";
import { problemResponse } from "../api/response.ts";
import { serve } from "./bun.ts";
import type { BunServer } from "./bun.ts";
import { ANN, device, event, openScene, page } from "./scene.testing.ts";
import type { Scene } from "./scene.testing.ts";

let stop: (() => Promise<void>) | undefined;
afterEach(async () => {
  await stop?.();
  stop = undefined;
});

type Place = { scene: Scene; server: BunServer; at(path: string): string; draining: boolean };

function listen(): Place {
  const scene = openScene();
  const place: Partial<Place> = { scene, draining: false };
  const server = serve({
    host: "127.0.0.1",
    port: 0,
    gateway: scene.gateway,
    frame_bytes_max: LIMITS.frame_bytes_max,
    cookieToken: (request) => request.headers.get("cookie")?.replace("token=", ""),
    closedBecause: () => (place.draining ? refusal("busy", "this server is full") : undefined),
    problem: problemResponse,
    fetch: (request) => new Response(`api ${new URL(request.url).pathname}`),
    failed: () => new Response("failed", { status: 500 }),
  });
  stop = () => server.stop(true);
  place.server = server;
  place.at = (path) => new URL(path, server.url).href;
  return place as Place;
}

type Client = { socket: WebSocket; frames: Record<string, unknown>[]; closed: Promise<CloseEvent> };

async function connect(place: Place, headers: Record<string, string> = {}): Promise<Client> {
  const socket = new WebSocket(place.at("/v1/socket").replace("http", "ws"), {
    protocols: ["damso.v1"],
    headers,
  });
  const frames: Client["frames"] = [];
  socket.onmessage = ({ data }) => frames.push(JSON.parse(data as string) as never);
  const closed = new Promise<CloseEvent>((resolve) => (socket.onclose = resolve));
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  return { socket, frames, closed };
}

async function joined(place: Place): Promise<Client> {
  const client = await connect(place);
  client.socket.send(JSON.stringify({ type: "hello", id: 1, token: device(ANN).token }));
  await until(() => client.frames.length === 1);
  return client;
}

const handshake = {
  upgrade: "websocket",
  connection: "Upgrade",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  "sec-websocket-version": "13",
};

describe("the upgrade", () => {
  test("everything but the socket's path is the API's", async () => {
    const place = listen();
    expect(await (await fetch(place.at("/v1/me?x=1"))).text()).toBe("api /v1/me");
    expect(await (await fetch(place.at("/v1/socket/more"))).text()).toBe("api /v1/socket/more");
    const elsewhere = await fetch(place.at("/"), { headers: handshake });
    expect(await elsewhere.text()).toBe("api /");
  });

  test("a plain request to the socket's path is 426, and says to what to upgrade", async () => {
    const place = listen();
    for (const request of [{}, { method: "POST" }]) {
      const response = await fetch(place.at("/v1/socket"), request);
      expect(response.status).toBe(426);
      expect(response.headers.get("upgrade")).toBe("websocket");
      expect(response.headers.get("cache-control")).toBe("no-store");
      const body = await response.json();
      expect(body).toMatchObject({ status: 426, code: "invalid", title: expect.any(String) });
    }
  });

  test("without the subprotocol it is 400", async () => {
    const place = listen();
    for (const offered of [{}, { "sec-websocket-protocol": "damso.v2, chat" }]) {
      const response = await fetch(place.at("/v1/socket"), {
        headers: { ...handshake, ...offered },
      });
      expect(response.status).toBe(400);
    }
  });

  test("the subprotocol is chosen among those offered", async () => {
    const place = listen();
    const { socket } = await connect(place);
    expect(socket.protocol).toBe("damso.v1");
    socket.close();
  });

  test("[P18] while the server takes no sockets it is a problem document that says when to come back", async () => {
    const place = listen();
    place.draining = true;
    const headers = { ...handshake, "sec-websocket-protocol": "damso.v1" };
    const response = await fetch(place.at("/v1/socket"), { headers });
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("1");
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    const body = await response.json();
    expect(body).toMatchObject({ title: expect.any(String), code: "busy" });
    expect(body).toMatchObject({ status: 503, detail: "this server is full" });
  });

  test("[P15] the cookie's token greets without one in the hello", async () => {
    const place = listen();
    const { socket, frames } = await connect(place, { cookie: `token=${device(ANN).token}` });
    socket.send(JSON.stringify({ type: "hello", id: 1 }));
    await until(() => frames.length === 1);
    expect(frames[0]).toMatchObject({ type: "welcome", user_id: ANN });
    socket.close();
  });
});

describe("a real socket", () => {
  test("[P10] frames and events arrive whole, in order, in any script", async () => {
    const place = listen();
    const client = await joined(place);
    place.scene.on("sync", () => done({ ...page(1), more: true }));
    client.socket.send(JSON.stringify({ type: "sync", id: 2, feed: { id: "f1", pos: 0 } }));
    const shared = `,"message":{"body":"${"안녕😀".repeat(5000)}"}`;
    place.scene.bus.send("g1", [
      { kind: "event", type: "message", shared, to: [{ user_id: ANN, pos: 1, tail: "}" }] },
      event(2, ANN),
    ]);
    await until(() => client.frames.length === 4);
    const byType = client.frames.map((frame) => [frame["type"], frame["id"] ?? frame["pos"]]);
    expect(byType.filter(([type]) => type === "message")).toEqual([
      ["message", 1],
      ["message", 2],
    ]);
    const [first] = client.frames.filter((frame) => frame["pos"] === 1);
    expect(first?.["message"]).toEqual({ body: "안녕😀".repeat(5000) });
    client.socket.close();
  });

  test("[P12] a binary frame: 4003", async () => {
    const client = await joined(listen());
    client.socket.send(new Uint8Array([1, 2, 3]));
    expect((await client.closed).code).toBe(4003);
  });

  test("[P20] a frame above 2 MiB: 1009, one of exactly 2 MiB is looked at", async () => {
    const place = listen();
    const fits = await joined(place);
    fits.socket.send("x".repeat(LIMITS.frame_bytes_max));
    await until(() => fits.frames.length === 2);
    expect(fits.frames[1]).toMatchObject({ type: "error", code: "invalid" });
    fits.socket.close();
    const over = await connect(place);
    over.socket.send("x".repeat(LIMITS.frame_bytes_max + 1));
    expect((await over.closed).code).toBe(1009);
  });

  test("[R2] the gateway learns that a socket is gone", async () => {
    const place = listen();
    const client = await joined(place);
    expect(place.scene.counters.connections).toBe(1);
    client.socket.close();
    await until(() => place.scene.counters.connections === 0);
    expect(place.scene.of("detach")).toHaveLength(1);
  });

  test("[D18] a peer that does not read gets a head instead of what it missed", async () => {
    const place = listen();
    const { scene, server } = place;
    const wanted = 3000;
    const got: string[] = [];
    const peer = await Bun.connect({
      hostname: "127.0.0.1",
      port: server.port ?? 0,
      socket: { data: (_socket, bytes) => void got.push(bytes.toString("latin1")) },
    });
    const headers = { ...handshake, host: "x", "sec-websocket-protocol": "damso.v1" };
    const lines = Object.entries(headers).map(([key, value]) => `${key}: ${value}\r\n`);
    peer.write(`GET /v1/socket HTTP/1.1\r\n${lines.join("")}\r\n`);
    peer.write(masked(JSON.stringify({ type: "hello", id: 1, token: device(ANN).token })));
    await until(() => scene.counters.ready === 1 && got.join("").includes("welcome"));
    peer.pause();
    const shared = `,"pad":"${"x".repeat(4000)}"`;
    for (let pos = 1; pos <= wanted; pos++) {
      scene.bus.send("g1", [
        { kind: "event", type: "message", shared, to: [{ user_id: ANN, pos, tail: "}" }] },
      ]);
      if (pos % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(scene.counters.lagging).toBe(1);
    expect(scene.counters.events).toBeLessThan(wanted);
    peer.resume();
    await until(() => got.join("").includes(`{"type":"head","pos":${wanted}}`));
    expect(scene.counters.lagging).toBe(0);
    expect(scene.counters.closes).toEqual({});
    peer.end();
  });
});

/** One masked text frame of up to 125 bytes (RFC 6455 section 5.2), with a mask of zeros. */
function masked(text: string): Uint8Array {
  const payload = new TextEncoder().encode(text);
  return new Uint8Array([0x81, 0x80 | payload.length, 0, 0, 0, 0, ...payload]);
}
