import { beforeEach, expect, test } from "bun:test";
import { createFakeSender } from "@damso/contracts/fakes/push-sender";
import type { FakeSender } from "@damso/contracts/fakes/push-sender";
import type { Subscription } from "@damso/core/ports/account-records";
import { examinePush, printed } from "./push.ts";
import type { PushDoctorDeps } from "./push.ts";

const NOW = 1_800_000_000_000;
let web: FakeSender;
let apns: FakeSender;
let healthy: PushDoctorDeps;

beforeEach(() => {
  [web, apns] = [createFakeSender(), createFakeSender()];
  apns.answer = () => ({ outcome: "gone", why: "BadDeviceToken" });
  healthy = {
    vapid_public_key: "BKey",
    subject: "mailto:ops@chat.example",
    public_url: "https://chat.example",
    anywhere: false,
    senders: { webpush: web, fcm: apns, apns },
    hosts: ["push.example"],
    lookup: async () => ["8.8.8.8"],
    isPublic: (address) => address === "8.8.8.8",
    clockOf: async () => NOW + 1000,
    now: () => NOW,
    subscriptionsOf: async (name) => (name === "ann" ? [subscription] : undefined),
  };
});

const subscription = {
  target: {
    kind: "webpush",
    endpoint: "https://push.example/secret",
    keys: { p256dh: "p", auth: "a" },
  },
} as Subscription;

const examine = async (changes: Partial<PushDoctorDeps> = {}, user?: string): Promise<string[]> =>
  (await examinePush({ ...healthy, ...changes }, user))
    .filter(({ level }) => level !== "ok")
    .map(printed);

test("[N15] all is well where all is well, and a test arrives", async () => {
  expect(await examine({}, "ann")).toEqual([]);
  expect(web.sent).toHaveLength(1);
});

test("[N15] each thing that keeps notifications from coming is named, with what to do", async () => {
  const faults: [Partial<PushDoctorDeps>, RegExp][] = [
    [{ subject: "" }, /^warning  subject: .*--vapid-subject/],
    [{ public_url: "" }, /^warning  page: .*https/],
    [{ anywhere: true }, /^warning  guard: /],
    [{ senders: { webpush: web, apns } }, /^warning  fcm: .*--fcm-account/],
    [{ lookup: () => Promise.reject(new Error("x")) }, /^failed   name push.example: not found/],
    [{ lookup: async () => ["10.0.0.1"] }, /^failed   name push.example: only private/],
    [{ clockOf: () => Promise.reject(new Error("x")) }, /^failed   https: .*firewall/],
    [{ clockOf: async () => NOW - 900_000 }, /^failed   clock: off by 900 s/],
  ];
  for (const [changes, said] of faults) {
    const found = await examine(changes);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(said);
  }
  apns.answer = () => ({ outcome: "refused", why: "InvalidProviderToken" });
  expect((await examine()).at(-1)).toMatch(
    /^failed   apns: does not take the key.*InvalidProviderToken/,
  );
});

test("[N15] a test that cannot be sent says why, without the address", async () => {
  expect(await examine({}, "nobody")).toEqual(["failed   test: nobody is called nobody"]);
  expect(await examine({ subscriptionsOf: async () => [] }, "ann")).toHaveLength(1);
  web.answer = () => ({ outcome: "gone", why: "410" });
  const [said = ""] = await examine({}, "ann");
  expect(said).toContain("410");
  expect(said).not.toContain("secret");
});
