import { expect, test } from "bun:test";
import type { DeviceId, Session, UserId } from "@damso/sdk";
import type { Environment } from "@damso/sdk/environment";
import type { Locks } from "./ports.ts";
import { renewOnce } from "./renewal.ts";

const NOW = 1_000_000;
const refresh = {
  method: "POST",
  url: "http://here/v1/refresh",
  headers: {},
  timeout_ms: 1000,
} as const;

const sessionUntil = (expires_at: number): Session => ({
  server: "http://here",
  user_id: "u1" as UserId,
  device_id: "d1" as DeviceId,
  expires_at,
});

type Browser = { open: () => Environment["fetch"]; asked: string[] };

/** A browser with tabs that share one session. */
function browser(): Browser {
  const asked: string[] = [];
  let kept = sessionUntil(NOW);
  let turn: Promise<void> = Promise.resolve();
  const locks: Locks = {
    held: async () => [],
    request: (_name, _how, hold) => (turn = turn.then(() => hold(true))),
  };
  const fetch: Environment["fetch"] = async ({ url }) => {
    asked.push(url);
    kept = sessionUntil(NOW + 900_000);
    return { status: 200, body: { user_id: "u1", device_id: "d1", expires_in: 900 } };
  };
  const world = { fetch, now: () => NOW, locks, kept: () => kept };
  return { asked, open: () => renewOnce(world, sessionUntil(NOW)) };
}

test("of two tabs one renews, and both have the same", async () => {
  const { open, asked } = browser();
  const [first, second] = [open(), open()];
  const answers = await Promise.all([first(refresh), second(refresh)]);
  expect(asked.length).toBe(1);
  expect(answers[1]).toEqual(answers[0]);
});

test("what another tab got once is not believed twice: the server may have turned it away", async () => {
  const { open, asked } = browser();
  const [first, second] = [open(), open()];
  await first(refresh);
  await second(refresh);
  await second(refresh);
  expect(asked.length).toBe(2);
});

test("other calls go by", async () => {
  const { open, asked } = browser();
  await open()({ ...refresh, url: "http://here/v1/me" });
  expect(asked).toEqual(["http://here/v1/me"]);
});
