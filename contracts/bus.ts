/** What every bus keeps. Run by the adapters beside their source. */
import { afterEach, describe, expect, test } from "bun:test";
import type { Bus, GatewayId, GatewayItem, TopicFrame } from "@damso/core/ports/bus";
import type { Signal } from "@damso/core/ports/signal";
import { done, refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import type { Answers, Command, CommandKind } from "@damso/core/shard/commands";
import type { ChannelId, UserId } from "@damso/protocol/ids";
import { until } from "./until.ts";

type Handler = <K extends CommandKind>(
  command: Command<K>,
  signal?: Signal,
) => Promise<Result<Answers[K]>>;

/** One bus with the ends that its adapter gives to shards and gateways. */
export type BusEnds = {
  bus: Bus;
  serve(handler: Handler): void;
  attachGateway(id: GatewayId, deliver: (items: readonly GatewayItem[]) => void): void;
  close(): Promise<void>;
};

const ANN = "1000000000000000001" as UserId;
const CHANNEL = "g1000000000000000009" as ChannelId;
const typing = (user_id: UserId = ANN): Command<"typing"> => ({
  kind: "typing",
  user_id,
  channel: CHANNEL,
});
const frame = (n: number): GatewayItem => ({ kind: "frame", user_id: ANN, frame: `f${n}` });
const frames = (items: readonly GatewayItem[]): string[] =>
  items.map((item) => (item.kind === "frame" ? item.frame : item.kind));

export function busContract(name: string, open: () => Promise<BusEnds>): void {
  describe(`the bus contract: ${name}`, () => {
    let ends: BusEnds | undefined;
    const opened = async (): Promise<BusEnds> => (ends = await open());
    afterEach(async () => {
      await ends?.close();
      ends = undefined;
    });
    describe("requests", () => requestTests(opened));
    describe("items and topics", () => deliveryTests(opened));
  });
}

/** Answers every command with its own text as the refusal's message, so that a test sees what arrived. */
function echo(heard: unknown[]): Handler {
  return async (command) => {
    heard.push(command);
    return refuse("conflict", JSON.stringify(command));
  };
}

function requestTests(opened: () => Promise<BusEnds>): void {
  test("a request gets what the owner answers", async () => {
    const { bus, serve } = await opened();
    serve((async () => done({ head: 7 })) as unknown as Handler);
    const command: Command<"exchange"> = {
      kind: "exchange",
      user_id: ANN,
      gateway: "g1",
      sessions: [],
    };
    expect(await bus.request<"exchange">(command)).toEqual({ ok: true, value: { head: 7 } });
  });

  test("a refusal arrives as it was given, and the command as it was sent", async () => {
    const { bus, serve } = await opened();
    const heard: unknown[] = [];
    serve(echo(heard));
    const result = await bus.request<"typing">(typing());
    expect(heard).toEqual([typing()]);
    expect(result).toEqual(refuse("conflict", JSON.stringify(typing())));
  });

  test("requests of one caller reach the owner in the order they were made", async () => {
    const { bus, serve } = await opened();
    const heard: Command[] = [];
    serve(echo(heard));
    const seqs = Array.from({ length: 50 }, (_, i) => i + 1);
    const asked = seqs.map((seq) =>
      bus.request<"read">({ kind: "read", user_id: ANN, channel: CHANNEL, seq }),
    );
    await Promise.all(asked);
    expect(heard.map((command) => (command.kind === "read" ? command.seq : 0))).toEqual(seqs);
  });

  test("without an owner the outcome is unavailable, not an exception", async () => {
    const { bus } = await opened();
    expect(await bus.request<"typing">(typing())).toMatchObject({
      ok: false,
      refusal: { code: "unavailable" },
    });
  });

  test("a signal that is aborted before the request rejects and asks nobody", async () => {
    const { bus, serve } = await opened();
    const heard: unknown[] = [];
    serve(echo(heard));
    const reason = new Error("enough");
    const asked = bus.request<"typing">(typing(), AbortSignal.abort(reason));
    expect(await asked.catch((error: unknown) => error)).toBe(reason);
    expect(heard).toEqual([]);
  });
}

function deliveryTests(opened: () => Promise<BusEnds>): void {
  test("[D20] items reach the gateway they are for, in order, and no other", async () => {
    const { bus, attachGateway } = await opened();
    const [one, two]: [string[], string[]] = [[], []];
    attachGateway("g1", (items) => one.push(...frames(items)));
    attachGateway("g2", (items) => two.push(...frames(items)));
    for (let n = 0; n < 20; n += 2) bus.send("g1", [frame(n), frame(n + 1)]);
    bus.send("g2", [frame(99)]);
    await until(() => one.length === 20 && two.length === 1);
    expect(one).toEqual(Array.from({ length: 20 }, (_, n) => `f${n}`));
    expect(two).toEqual(["f99"]);
  });

  test("[D20] items for a gateway that is not there are lost without an error", async () => {
    const { bus, attachGateway } = await opened();
    const got: string[] = [];
    attachGateway("g1", (items) => got.push(...frames(items)));
    bus.send("g9", [frame(1)]);
    bus.send("g1", [frame(2)]);
    await until(() => got.length > 0);
    expect(got).toEqual(["f2"]);
  });

  test("a topic's frame reaches everyone subscribed at that time, and no other topic", async () => {
    const { bus } = await opened();
    const got: string[] = [];
    const listen = (who: string) => (topic: TopicFrame) => got.push(`${who}:${topic.frame}`);
    bus.subscribe("channel.a", listen("one"));
    const leave = bus.subscribe("channel.a", listen("two"));
    bus.subscribe("channel.b", listen("three"));
    bus.publish("channel.a", { frame: "x" });
    await until(() => got.length === 2);
    expect(got.sort()).toEqual(["one:x", "two:x"]);
    leave();
    bus.publish("channel.a", { frame: "y" });
    bus.publish("channel.b", { from: ANN, frame: "z" });
    await until(() => got.length === 4);
    expect(got.sort()).toEqual(["one:x", "one:y", "three:z", "two:x"]);
  });

  test("who caused a topic's frame is told with it", async () => {
    const { bus } = await opened();
    const got: TopicFrame[] = [];
    bus.subscribe("channel.a", (topic) => got.push(topic));
    bus.publish("channel.a", { from: ANN, frame: "x" });
    await until(() => got.length === 1);
    expect(got).toEqual([{ from: ANN, frame: "x" }]);
  });
}
