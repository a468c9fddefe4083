/** The bus contract in one process and between two, and what the contract cannot see. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { busContract } from "@damso/contracts/bus";
import type { BusEnds } from "@damso/contracts/bus";
import { until } from "@damso/contracts/until";
import { shardOf } from "@damso/core/owner/place";
import type { GatewayItem } from "@damso/core/ports/bus";
import { done, refuse } from "@damso/core/result";
import type { Command } from "@damso/core/shard/commands";
import type { ChannelId, UserId } from "@damso/protocol/ids";
import { freshName, natsServer } from "@damso/tools/services/services";
import type { NatsConnection } from "@nats-io/transport-node";
import { createNatsBus } from "./bus.ts";
import type { Handler, NatsBus } from "./bus.ts";
import { closeNats, connectNats } from "./connect.ts";

const START_MS = 600_000;
const SHARDS = 4;

let nats: Awaited<ReturnType<typeof natsServer>>;
beforeAll(async () => void (nats = await natsServer()), START_MS);
afterAll(() => nats.stop());

type Member = { bus: NatsBus; connection: NatsConnection; failures: unknown[]; prefix: string };

async function member(prefix: string): Promise<Member> {
  const connection = await connectNats({ servers: nats.urls, name: "bus test" });
  const failures: unknown[] = [];
  const bus = createNatsBus({
    connection,
    prefix,
    shardOf: (command) => shardOf(command, SHARDS),
    failed: (_what, error) => failures.push(error),
  });
  return { bus, connection, failures, prefix };
}

async function pair(): Promise<[Member, Member]> {
  const prefix = freshName("damso");
  return [await member(prefix), await member(prefix)];
}

function serveAll({ bus }: Member, handler: Handler): () => void {
  const stops = Array.from({ length: SHARDS }, (_, shard) => bus.serve(shard, handler));
  return () => stops.forEach((stop) => stop());
}

busContract("NATS, all in one process", async () => {
  const own = await member(freshName("damso"));
  return {
    bus: own.bus,
    serve: (handler) => void serveAll(own, handler),
    attachGateway: (id, deliver) => void own.bus.attachGateway(id, deliver),
    close: () => closeNats(own.connection),
  };
});

/** Who speaks waits until the server knows of everybody who listens. */
busContract("NATS, between two processes", async (): Promise<BusEnds> => {
  const [near, far] = await pair();
  const known = (): Promise<void> => far.connection.flush();
  return {
    bus: {
      async request(command, signal) {
        await known();
        return await near.bus.request(command, signal);
      },
      send: (id, items) => void known().then(() => near.bus.send(id, items)),
      publish: (topic, frame) => void known().then(() => near.bus.publish(topic, frame)),
      subscribe: (topic, listener) => far.bus.subscribe(topic, listener),
    },
    serve: (handler) => void serveAll(far, handler),
    attachGateway: (id, deliver) => void far.bus.attachGateway(id, deliver),
    close: async () => {
      await closeNats(near.connection);
      await closeNats(far.connection);
    },
  };
});

const ANN = "1000000000000000001" as UserId;
const CHANNEL = "g1000000000000000009" as ChannelId;
const TYPING: Command<"typing"> = { kind: "typing", user_id: ANN, channel: CHANNEL };

describe("between two nodes", () => {
  let near: Member;
  let far: Member;
  beforeAll(async () => void ([near, far] = await pair()));
  afterAll(() => Promise.all([near, far].map(({ connection }) => closeNats(connection))));

  async function served(handler: Handler): Promise<() => void> {
    const stop = serveAll(far, handler);
    await far.connection.flush();
    return stop;
  }
  const ask = (): Promise<unknown> => near.bus.request<"typing">(TYPING);
  const typed = { ok: true, value: {} };

  test("a request that nobody answers in time is unavailable", async () => {
    const stop = await served(() => new Promise<never>(() => {}));
    expect(await ask()).toEqual(refuse("unavailable"));
    stop();
  }, 10_000);

  test("a handler that fails is unavailable for who asked, and told to its own node", async () => {
    const bug = new Error("a bug");
    const stop = await served(() => Promise.reject(bug));
    expect(await ask()).toEqual(refuse("unavailable"));
    expect(far.failures.splice(0)).toEqual([bug]);
    stop();
  });

  test("an answer as large as a page arrives, and one that no message can hold is a refusal", async () => {
    let units = 512 * 1024;
    const stop = await served((async () => done("한".repeat(units))) as unknown as Handler);
    expect(await ask()).toEqual({ ok: true, value: "한".repeat(units) });
    units = 8 * 1024 * 1024;
    expect(await ask()).toMatchObject({ ok: false, refusal: { code: "too_large" } });
    stop();
  });

  test("a request that no message can hold is refused before it leaves", async () => {
    const stop = await served(async () => done({}) as never);
    const before = near.bus.drops().large;
    const large = { ...TYPING, body: "x".repeat(9 * 1024 * 1024) };
    const refused = await near.bus.request<"typing">(large);
    expect(refused).toMatchObject({ ok: false, refusal: { code: "too_large" } });
    expect(near.bus.drops().large).toBe(before + 1);
    stop();
  });

  test("of two nodes that serve a shard one is asked, and the other when that one has left", async () => {
    const heard: string[] = [];
    const third = await member(near.prefix);
    const say = (who: string): Handler =>
      (async () => {
        heard.push(who);
        return done({});
      }) as unknown as Handler;
    const stop = await served(say("far"));
    const leave = serveAll(third, say("third"));
    await third.connection.flush();
    for (let n = 0; n < 20; n++) expect(await ask()).toEqual(typed);
    expect(heard).toHaveLength(20);
    stop();
    await far.connection.flush();
    heard.length = 0;
    for (let n = 0; n < 5; n++) expect(await ask()).toEqual(typed);
    expect(new Set(heard)).toEqual(new Set(["third"]));
    leave();
    await closeNats(third.connection);
  });

  test("a node that stops serving answers what it was asked before", async () => {
    const answering = Promise.withResolvers<never>();
    const stop = await served(() => answering.promise);
    const asked = ask();
    await near.connection.flush();
    await far.connection.flush();
    stop();
    answering.resolve(done({}) as never);
    expect(await asked).toEqual(typed);
    expect(await ask()).toEqual(refuse("unavailable"));
  });

  test("bytes that nobody understands do no harm, wherever they arrive", async () => {
    const stop = await served(async () => done({}) as never);
    const items: GatewayItem[] = [];
    const frames: unknown[] = [];
    const detach = far.bus.attachGateway("g 1", (got) => void items.push(...got));
    const leave = far.bus.subscribe("channel.a", (frame) => frames.push(frame));
    await far.connection.flush();
    const before = far.bus.drops().malformed;
    const { connection, prefix } = near;
    const wrong = ["", "{", "null", "[]", "7", `{"kind":"toString"}`, `[{"kind":"frame"},null]`];
    for (const bytes of [...wrong, new Uint8Array([0xff, 0, 0xfe])]) {
      for (const to of ["gateway.g=201", "topic.channel=2ea"])
        connection.publish(`${prefix}.${to}`, bytes);
      const answer = await connection.request(`${prefix}.shard.1`, bytes);
      expect(answer.json<unknown>()).toMatchObject({ ok: false, refusal: { code: "invalid" } });
    }
    near.bus.send("g 1", [{ kind: "frame", user_id: ANN, frame: "f" }]);
    near.bus.publish("channel.a", { frame: "x" });
    await until(() => items.length > 0 && frames.length > 0);
    expect(items).toEqual([{ kind: "frame", user_id: ANN, frame: "f" }]);
    expect(frames).toEqual([{ frame: "x" }]);
    expect(far.bus.drops().malformed - before).toBeGreaterThanOrEqual(20);
    expect(await ask()).toEqual(typed);
    for (const end of [stop, detach, leave]) end();
  });

  test("an answer that nobody understands is unavailable", async () => {
    const { connection, prefix } = far;
    const shard = shardOf(TYPING, SHARDS);
    for (const bytes of [
      "",
      "{",
      `{"ok":false}`,
      `{"ok":false,"refusal":{"code":"x","message":""}}`,
    ]) {
      const liar = connection.subscribe(`${prefix}.shard.${shard}`, {
        callback: (_error, message) => void message.respond(bytes),
      });
      await connection.flush();
      expect(await ask()).toEqual(refuse("unavailable"));
      liar.unsubscribe();
      await connection.flush();
    }
  });

  test("[D20] a gateway that fails on an item gets the next one", async () => {
    const got: string[] = [];
    const detach = far.bus.attachGateway("g1", (items) => {
      for (const item of items) {
        if (item.kind === "left") throw new Error("a bug");
        if (item.kind === "frame") got.push(item.frame);
      }
    });
    await far.connection.flush();
    near.bus.send("g1", [{ kind: "left", user_id: ANN, channel: CHANNEL }]);
    await Bun.sleep(0);
    near.bus.send("g1", [{ kind: "frame", user_id: ANN, frame: "f" }]);
    await until(() => got.length > 0);
    expect(far.failures.splice(0)).toHaveLength(1);
    detach();
  });

  test("[D20] many large items for one gateway arrive in order, in several messages", async () => {
    const got: string[] = [];
    let deliveries = 0;
    const detach = far.bus.attachGateway("g1", (items) => {
      deliveries++;
      for (const item of items) if (item.kind === "frame") got.push(item.frame);
    });
    await far.connection.flush();
    const frames = Array.from({ length: 200 }, (_, n) => `${n} ${"x".repeat(20_000)}`);
    for (const frame of frames) near.bus.send("g1", [{ kind: "frame", user_id: ANN, frame }]);
    await until(() => got.length === 200);
    expect(got).toEqual(frames);
    expect(deliveries).toBeLessThan(60);
    expect(deliveries).toBeGreaterThan(10);
    detach();
  });
});
