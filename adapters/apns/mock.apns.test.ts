/** Against the mock of Apple's service that Pushy brings: it checks token, topic, device and headers. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFile } from "node:fs/promises";
import type { PushTarget } from "@damso/core/ports/account-records";
import type { PushSender, SendOutcome } from "@damso/core/ports/push";
import { deliveryOf, NOTICE } from "@damso/contracts/push-sender";
import { apnsServer } from "@damso/tools/services/services";
import type { ApnsAddress, Shared } from "@damso/tools/services/services";
import { openApns, parseApnsKey } from "./open.ts";

let apple: ApnsAddress & Shared;
let sender: PushSender;

async function open(key_id: string): Promise<PushSender> {
  const key = parseApnsKey(await readFile(apple.key, "utf8"), key_id, apple.team_id);
  const ca = await readFile(apple.certificate, "utf8");
  return openApns({ key, now: () => Date.now(), session: { url: apple.url, ca } });
}

beforeAll(async () => {
  apple = await apnsServer();
  sender = await open(apple.key_id);
});
afterAll(async () => {
  await sender.close();
  await apple.stop();
});

const target = (changes: Partial<{ token: string; topic: string }> = {}): PushTarget => ({
  kind: "apns",
  token: apple.token,
  topic: apple.topic,
  ...changes,
});
const send = (to: PushTarget): Promise<SendOutcome> => sender.send(deliveryOf(to));

test("[N14] alerts, withdrawals and badges are taken, many at once", async () => {
  expect(await send(target())).toEqual({ outcome: "sent" });
  const back = { kind: "read", channel: NOTICE.channel, seq: 7, pos: 13, badge: 0 } as const;
  expect(await sender.send(deliveryOf(target(), back))).toEqual({ outcome: "sent" });
  const number = { kind: "badge", channel: "badge", seq: 0, pos: 14, badge: 0 } as const;
  expect(await sender.send(deliveryOf(target(), number))).toEqual({ outcome: "sent" });
  const many = await Promise.all(Array.from({ length: 100 }, () => send(target())));
  expect(many.filter(({ outcome }) => outcome !== "sent")).toEqual([]);
});

test("[N11][N14] devices that are not there are gone, and other topics are refused", async () => {
  expect(await send(target({ token: apple.gone_token }))).toMatchObject({ outcome: "gone" });
  expect(await send(target({ token: "zz" }))).toEqual({ outcome: "refused", why: "address" });
  expect(await send(target({ topic: "app.other" }))).toMatchObject({ outcome: "refused" });
});

test("[N14] a key that it does not know is refused with a word that says so", async () => {
  const stranger = await open("KEY7654321");
  const outcome = await stranger.send(deliveryOf(target()));
  expect(outcome).toEqual({ outcome: "refused", why: "InvalidProviderToken" });
  await stranger.close();
});
