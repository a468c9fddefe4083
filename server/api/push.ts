/** Where the pushes for a device go, and whether they get there. Rules D22, N2, N4, N15. */
import type { PushTarget } from "@damso/core/ports/account-records";
import { done, refuse } from "@damso/core/result";
import type { DeviceId, UserId } from "@damso/protocol/ids";
import type { Handlers } from "./call.ts";
import type { ApiDeps } from "./deps.ts";

/** What the API needs of the notifier and its senders. */
export type PushCalls = {
  vapid_public_key: string;
  kinds: PushTarget["kind"][];
  /** Why nothing would ever be sent to this target, or undefined. */
  refusal(target: PushTarget): string | undefined;
  test(
    user_id: UserId,
    device_id: DeviceId,
  ): Promise<{ outcome: "sent" | "gone" | "later" | "refused" | "none"; why?: string }>;
};

type PushHandlers = Handlers<"getPush" | "putPush" | "deletePush" | "testPush">;

export function pushHandlers({ accounts, clock, push }: ApiDeps): PushHandlers {
  const { subscriptions } = accounts;
  return {
    getPush: async () => done({ key: push.vapid_public_key, kinds: [...push.kinds] }),
    putPush: async ({ caller, params: { device_id }, body, signal }) => {
      // A subscription names the browser or phone that asks, so no other device can have it.
      if (device_id !== caller.device_id) return refuse("forbidden", "not the device that asks");
      const why = push.refusal(body);
      if (why !== undefined) return refuse("invalid", why);
      const { user_id } = caller;
      const earlier = (await subscriptions.listByUser(user_id, signal)).find(
        (one) => one.device_id === device_id,
      );
      const target = withWishes(body, earlier?.target);
      // Every start of an app says where it is reached, and nearly always nothing is new.
      if (earlier && JSON.stringify(target) === JSON.stringify(earlier.target))
        return done(undefined);
      const outcome = await subscriptions.put(
        { user_id, device_id, target, now: clock.now() },
        signal,
      );
      return outcome === "ok" ? done(undefined) : refuse("not_found", "no such device");
    },
    deletePush: async ({ caller: { user_id }, params: { device_id }, signal }) => {
      await subscriptions.remove({ user_id, device_id, now: clock.now() }, signal);
      return done(undefined);
    },
    testPush: async ({ caller: { user_id, device_id } }) => {
      const { outcome, why } = await push.test(user_id, device_id);
      if (outcome === "none") return refuse("not_found", "this device has no subscription");
      return done({ outcome, ...(why !== undefined && { why }) });
    },
  };
}

/** A browser that only has another address knows nothing of language and quiet hours: those of the device stay. */
function withWishes(target: PushTarget, earlier: PushTarget | undefined): PushTarget {
  const saysSome = "locale" in target || "time_zone" in target || "quiet_hours" in target;
  if (!earlier || saysSome) return target;
  const { locale, time_zone, quiet_hours } = earlier;
  return {
    ...target,
    ...(locale !== undefined && { locale }),
    ...(time_zone !== undefined && { time_zone }),
    ...(quiet_hours && { quiet_hours }),
  };
}
