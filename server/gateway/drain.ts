/** Leaving in good order: sockets are sent away a few at a time, each when its requests are answered. */
import { CLOSE } from "@damso/protocol/codes";
import { end, reply } from "./outgoing.ts";
import { frameOf } from "./replies.ts";
import type { Connection, Hub } from "./types.ts";

const STEP_MS = 50;
/** Long enough for another server to be found or this one to be back. */
const RETRY_AFTER_MS = 1000;

/**
 * Says `bye` to all sockets, spread over `ms`, and closes each with 4000 as soon as nothing of it is in flight; what
 * is left at the end is closed anyway. New frames behind a `bye` are refused with `busy`. Resolves when all are gone.
 */
export function drain(hub: Hub, ms: number): Promise<void> {
  hub.draining = true;
  for (const user of hub.users.values()) for (const poll of user.polls) poll.end("draining");
  for (const connection of hub.greeting) end(hub, connection, CLOSE.going_away, "going away");
  const waiting = [...hub.ready];
  const steps = Math.max(1, Math.floor(ms / STEP_MS));
  const share = Math.ceil(waiting.length / steps);
  let leaving: Connection[] = [];
  let step = 0;

  return new Promise((resolve) => {
    const advance = (): void => {
      for (const connection of waiting.splice(0, share)) {
        sayBye(hub, connection);
        leaving.push(connection);
      }
      const last = ++step > steps;
      leaving = leaving.filter((connection) => !letGo(hub, connection, last));
      if (leaving.length === 0 && waiting.length === 0) resolve();
      else hub.timers.after(STEP_MS, advance);
    };
    advance();
  });
}

function sayBye(hub: Hub, connection: Connection): void {
  connection.leaving = true;
  const bye = { reason: "going_away", retry_after_ms: RETRY_AFTER_MS };
  reply(hub, connection, frameOf("bye", undefined, bye));
}

function letGo(hub: Hub, connection: Connection, last: boolean): boolean {
  if (connection.state === "closed") return true;
  if (connection.in_flight > 0 && !last) return false;
  end(hub, connection, CLOSE.going_away, "going away");
  return true;
}
