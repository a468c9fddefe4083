import { expect, test } from "bun:test";
import type { Reply } from "@damso/protocol";
import type { DamsoError } from "../errors.ts";
import { world } from "../testing/world.ts";
import type { World } from "../testing/world.ts";
import { requests } from "./requests.ts";
import type { Requests } from "./requests.ts";

type Scene = { here: World; asked: Requests; sent: { type: string; id: number }[] };

function scene(): Scene {
  const here = world();
  const sent: Scene["sent"] = [];
  const asked = requests({
    setTimer: here.setTimer,
    send: (text) => sent.push(JSON.parse(text) as Scene["sent"][number]),
  });
  return { here, asked, sent };
}

function outcome(call: Promise<Reply>): { is: string } {
  const told = { is: "open" };
  call.then(
    (reply) => (told.is = reply.type),
    (error: DamsoError) => (told.is = error.code),
  );
  return told;
}

const ok = (id: number): Reply => ({ type: "ok", id });
const refusal = (id: number, code: "busy" | "conflict"): Reply => ({
  type: "error",
  id,
  code,
  message: code,
});

test("[P10] a reply finds its request by id, in any order", async () => {
  const { here, asked, sent } = scene();
  asked.connected();
  const [one, two] = [
    outcome(asked.call({ type: "channels" })),
    outcome(asked.call({ type: "ping" })),
  ];
  expect(sent.map(({ id }) => id)).toEqual([1, 2]);
  asked.answer({ type: "pong", id: 2 });
  asked.answer({ type: "channel_list", id: 1, channels: [] });
  await here.advance(0);
  expect([one.is, two.is]).toEqual(["channel_list", "pong"]);
});

test("a request before the connection waits for it", async () => {
  const { here, asked, sent } = scene();
  const told = outcome(asked.call({ type: "ping" }));
  expect(sent).toEqual([]);
  asked.connected();
  asked.answer({ type: "pong", id: 1 });
  await here.advance(0);
  expect(told.is).toBe("pong");
});

test("an unanswered request is repeated on the next connection, one that may not be is rejected", async () => {
  const { here, asked, sent } = scene();
  asked.connected();
  const again = outcome(asked.call({ type: "ping" }));
  const once = outcome(asked.call({ type: "ping" }, { once: true }));
  asked.disconnected();
  await here.advance(0);
  expect([again.is, once.is]).toEqual(["open", "disconnected"]);
  asked.connected();
  expect(sent.map(({ id }) => id)).toEqual([1, 2, 1]);
});

test("[P21] busy is asked again with a new id, a refusal for good is not", async () => {
  const { here, asked, sent } = scene();
  asked.connected();
  const told = outcome(asked.call({ type: "ping" }));
  asked.answer(refusal(1, "busy"));
  await here.advance(999);
  expect(sent).toHaveLength(1);
  await here.advance(1);
  expect(sent.map(({ id }) => id)).toEqual([1, 2]);
  asked.answer(refusal(2, "conflict"));
  await here.advance(0);
  expect(told.is).toBe("conflict");
});

test("what is asked once learns of busy", async () => {
  const { here, asked } = scene();
  asked.connected();
  const told = outcome(asked.call({ type: "ping" }, { once: true }));
  asked.answer(refusal(1, "busy"));
  await here.advance(0);
  expect(told.is).toBe("busy");
});

test("no answer is a timeout, and a late one is nobody's", async () => {
  const { here, asked } = scene();
  asked.connected();
  const told = outcome(asked.call({ type: "ping" }));
  await here.advance(20_000);
  expect(told.is).toBe("timeout");
  asked.answer(ok(1));
  asked.answer(ok(77));
});

test("[I20] open requests are bounded", async () => {
  const { here, asked } = scene();
  const told = Array.from({ length: 1001 }, () => outcome(asked.call({ type: "ping" })));
  await here.advance(0);
  expect(told.map(({ is }) => is).filter((is) => is !== "open")).toEqual(["queue_full"]);
});

test("stopping rejects what is open and what comes later", async () => {
  const { here, asked } = scene();
  const open = outcome(asked.call({ type: "ping" }));
  const { DamsoError } = await import("../errors.ts");
  asked.stop(new DamsoError("stopped"));
  const later = outcome(asked.call({ type: "ping" }));
  await here.advance(0);
  expect([open.is, later.is]).toEqual(["stopped", "stopped"]);
});
