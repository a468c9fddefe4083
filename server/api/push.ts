/** Where the pushes for a device go. Rule D22. */
import { done, refuse } from "@damso/core/result";
import type { Handlers } from "./call.ts";
import type { ApiDeps } from "./deps.ts";

export function pushHandlers({ accounts, clock }: ApiDeps): Handlers<"putPush" | "deletePush"> {
  const { subscriptions } = accounts;
  return {
    putPush: async ({ caller, params: { device_id }, body, signal }) => {
      // A subscription names the browser or phone that asks, so no other device can have it.
      if (device_id !== caller.device_id) return refuse("forbidden", "not the device that asks");
      const { user_id } = caller;
      const outcome = await subscriptions.put(
        { user_id, device_id, target: body, now: clock.now() },
        signal,
      );
      return outcome === "ok" ? done(undefined) : refuse("not_found", "no such device");
    },
    deletePush: async ({ caller: { user_id }, params: { device_id }, signal }) => {
      await subscriptions.remove({ user_id, device_id, now: clock.now() }, signal);
      return done(undefined);
    },
  };
}
