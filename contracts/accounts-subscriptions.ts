/** Push subscriptions: part of the accounts contract. */
import { expect, test } from "bun:test";
import type { PushTarget } from "@damso/core/ports/account-records";
import { PUSH_ADDRESS_BYTES_MAX } from "@damso/protocol/http/devices";
import type { DeviceId } from "@damso/protocol/ids";
import type { Scene } from "./accounts-scene.ts";
import { addSession, addUser, changesOf, clearOutbox, newId, START } from "./accounts-scene.ts";

const web = (path: string): PushTarget => ({
  kind: "webpush",
  endpoint: `https://push.example/${path}`,
  keys: { p256dh: "key", auth: "secret" },
});

export function subscriptionsContract(scene: () => Scene): void {
  test("a device has one subscription, the newest", async () => {
    const user_id = await addUser(scene(), "amy");
    const { device_id } = await addSession(scene(), user_id);
    await clearOutbox(scene());
    const { subscriptions } = scene().accounts;
    expect(await subscriptions.put({ user_id, device_id, target: web("a"), now: START })).toBe(
      "ok",
    );
    const apns: PushTarget = { kind: "apns", token: "t", topic: "app" };
    await subscriptions.put({ user_id, device_id, target: apns, now: START + 1 });
    await scene().reopen();
    expect(await scene().accounts.subscriptions.listByUser(user_id)).toEqual([
      { device_id, user_id, target: apns, created_at: START + 1 },
    ]);
    expect(await changesOf(scene(), user_id)).toEqual([{ kind: "push" }, { kind: "push" }]);
  });

  test("[D22] the longest address that a device may tell is kept", async () => {
    const user_id = await addUser(scene(), "amy");
    const { device_id } = await addSession(scene(), user_id);
    // Of chance, so that nothing makes it shorter on its way into an index.
    const random = crypto.getRandomValues(new Uint8Array(PUSH_ADDRESS_BYTES_MAX));
    const token = Buffer.from(random).toString("base64url").slice(0, PUSH_ADDRESS_BYTES_MAX);
    const target: PushTarget = { kind: "fcm", token };
    const { subscriptions } = scene().accounts;
    expect(await subscriptions.put({ user_id, device_id, target, now: START })).toBe("ok");
    expect(await subscriptions.listByUser(user_id)).toMatchObject([{ target }]);
  });

  test("[I9] an address that another account registers stops getting the first one's messages", async () => {
    const amy = await addUser(scene(), "amy");
    const bob = await addUser(scene(), "bob");
    const { device_id: first } = await addSession(scene(), amy);
    const { device_id: second } = await addSession(scene(), bob);
    const { subscriptions } = scene().accounts;
    const target = web("shared");
    await subscriptions.put({ user_id: amy, device_id: first, target, now: START });
    await clearOutbox(scene());
    await subscriptions.put({ user_id: bob, device_id: second, target, now: START });
    expect(await subscriptions.listByUser(amy)).toEqual([]);
    expect(await subscriptions.listByUser(bob)).toHaveLength(1);
    expect(await changesOf(scene(), amy)).toEqual([{ kind: "push" }]);
  });

  test("a late 410 for an old address spares the renewed subscription", async () => {
    const user_id = await addUser(scene(), "amy");
    const { device_id } = await addSession(scene(), user_id);
    const { subscriptions } = scene().accounts;
    const now = START;
    await subscriptions.put({ user_id, device_id, target: web("new"), now });
    const old = "https://push.example/old";
    await subscriptions.remove({ user_id, device_id, if_address: old, now });
    expect(await subscriptions.listByUser(user_id)).toHaveLength(1);
    const current = "https://push.example/new";
    await subscriptions.remove({ user_id, device_id, if_address: current, now });
    expect(await subscriptions.listByUser(user_id)).toEqual([]);
    await subscriptions.put({ user_id, device_id, target: web("new"), now });
    await subscriptions.remove({ user_id, device_id, now });
    expect(await subscriptions.listByUser(user_id)).toEqual([]);
  });

  test("[X5] a subscription ends with the session of its device", async () => {
    const user_id = await addUser(scene(), "amy");
    const { device_id } = await addSession(scene(), user_id);
    const { sessions, subscriptions } = scene().accounts;
    await subscriptions.put({ user_id, device_id, target: web("a"), now: START });
    await sessions.revoke(user_id, { device_id }, START);
    expect(await subscriptions.listByUser(user_id)).toEqual([]);
    const again = { user_id, device_id, target: web("a"), now: START };
    expect(await subscriptions.put(again)).toBe("not_found");
  });

  test("nobody subscribes or removes for a device of someone else", async () => {
    const amy = await addUser(scene(), "amy");
    const bob = await addUser(scene(), "bob");
    const { device_id } = await addSession(scene(), bob);
    const { subscriptions } = scene().accounts;
    const now = START;
    await subscriptions.put({ user_id: bob, device_id, target: web("b"), now });
    for (const device of [device_id, newId<DeviceId>()]) {
      const asked = { user_id: amy, device_id: device, target: web("x"), now };
      expect(await subscriptions.put(asked)).toBe("not_found");
      await subscriptions.remove({ user_id: amy, device_id: device, now });
    }
    expect(await subscriptions.listByUser(bob)).toHaveLength(1);
  });
}
