/** Who is attached here, and telling the homes when that ends. Rule R1. */
import type { Attachee } from "@damso/core/shard/commands";
import type { UserId } from "@damso/protocol/ids";
import { request } from "./ask.ts";
import { closeChannels } from "./topics.ts";
import type { AttachedUser, Connection, Hub } from "./types.ts";
import { releaseAll } from "./watches.ts";

/** Lists are replaced, never changed, so the empty one is shared. */
const NOBODY: readonly never[] = [];

/** The record that live events for this user are delivered by; made by the first socket or poll. */
export function enter(hub: Hub, user_id: UserId): AttachedUser {
  const present = hub.users.get(user_id);
  if (present) return present;
  const user: AttachedUser = {
    user_id,
    sockets: NOBODY,
    polls: NOBODY,
    exchanged_at: hub.monotonic(),
    rechecked: 0,
  };
  hub.users.set(user_id, user);
  return user;
}

/** Forgets the record when nobody is left in it. */
export function depart(hub: Hub, user: AttachedUser): void {
  if (user.sockets.length > 0 || user.polls.length > 0) return;
  if (hub.users.get(user.user_id) === user) hub.users.delete(user.user_id);
}

/**
 * Tells the home that a session is not attached here any more, unless it still is: by a newer socket of the same
 * session, or a poll. `gone` is a log-out, which has no grace.
 */
export function detach(hub: Hub, attachee: Attachee, gone: boolean): void {
  const { user_id, session_id } = attachee;
  const user = hub.users.get(user_id);
  const same = (other: { attachee: Attachee | undefined }): boolean =>
    other.attachee?.session_id === session_id;
  if (user && (user.sockets.some(same) || user.polls.some(same))) return;
  void request<"detach">(
    hub,
    gone ? { kind: "detach", ...attachee, gone } : { kind: "detach", ...attachee },
  );
}

/** Takes a connection out of everything. What it asked is still answered by others, and heard by nobody. */
export function forget(hub: Hub, connection: Connection): void {
  if (connection.state === "closed") return;
  const { state, user, attachee } = connection;
  connection.state = "closed";
  hub.greeting.delete(connection);
  if (hub.ready.delete(connection)) hub.counters.ready--;
  hub.counters.connections--;
  if (connection.lagging) hub.counters.lagging--;
  for (const line of [connection.waiting_pages, connection.waiting_opens])
    hub.counters.in_flight -= line?.length ?? 0;
  connection.waiting_pages = undefined;
  connection.waiting_opens = undefined;
  connection.held = undefined;
  connection.early = undefined;
  closeChannels(hub, connection);
  releaseAll(hub, connection);
  if (!user || !attachee) return;
  user.sockets = user.sockets.filter((other) => other !== connection);
  depart(hub, user);
  // One that is still being attached is detached when the home has answered: hello.ts.
  if (state !== "ready") return;
  if (connection.acking) {
    const { acked: pos, active } = connection;
    void request<"ack">(hub, { kind: "ack", ...attachee, pos, active });
  }
  detach(hub, attachee, connection.gone);
}
