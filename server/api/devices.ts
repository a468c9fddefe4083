/** The signed-in devices of an account, and logging them out from afar. Rules X5, X7. */
import type { Session } from "@damso/core/ports/account-records";
import { done } from "@damso/core/result";
import type { Device } from "@damso/protocol/schema/account";
import type { Identity } from "../gateway/types.ts";
import type { Handlers } from "./call.ts";
import type { ApiDeps } from "./deps.ts";

export function deviceHandlers({ auth }: ApiDeps): Handlers<"listDevices" | "deleteDevice"> {
  return {
    listDevices: async ({ caller, signal }) => {
      const sessions = await auth.listDevices(caller.user_id, signal);
      if (!sessions.ok) return sessions;
      return done({ devices: sessions.value.map((session) => deviceOf(session, caller)) });
    },
    deleteDevice: async ({ caller, params, signal }) => {
      const revoked = await auth.revokeDevice(caller, params.device_id, signal);
      return revoked.ok ? done(undefined) : revoked;
    },
  };
}

function deviceOf(session: Session, caller: Identity): Device {
  return {
    device_id: session.device_id,
    session_id: session.session_id,
    name: session.device_name,
    created_at: new Date(session.created_at).toISOString(),
    last_active_at: new Date(session.last_used_at).toISOString(),
    current: session.session_id === caller.session_id,
  };
}
