/**
 * Everything that is written to a socket goes through here. Frames of one turn are collected and written together;
 * what the peer does not take is bounded: above the soft limit no more events, above the hard limit the end.
 * Rules: D18 (a socket that does not drain), I20 (bounds).
 */
import type { Pos } from "@damso/protocol/ids";
import { CLOSE } from "@damso/protocol/codes";
import { BUFFER_HARD_BYTES, BUFFER_SOFT_BYTES, CLOSING_MS } from "./bounds.ts";
import { isSilent } from "./silent.ts";
import type { Connection, Hub } from "./types.ts";

/** Queues a reply. Replies are never dropped: a socket that cannot take them is closed. */
export function reply(hub: Hub, connection: Connection, frame: string): void {
  if (connection.state === "closed") return;
  push(hub, connection, frame);
  if (connection.queued + connection.buffered > BUFFER_HARD_BYTES) slow(hub, connection);
}

/** Queues an event, or notes its position for the `head` that follows when the socket has drained. */
export function event(hub: Hub, connection: Connection, pos: Pos, frame: string): void {
  // Overtaken on the bus: the device knows of a later one, and asks for this one with whatever else it lacks.
  if (pos <= connection.pushed) return;
  if (connection.lagging || connection.queued + connection.buffered > BUFFER_SOFT_BYTES) {
    if (pos > connection.missed) connection.missed = pos;
    lag(hub, connection);
    return;
  }
  connection.pushed = pos;
  if (pos > connection.told) connection.told = pos;
  hub.counters.events++;
  push(hub, connection, frame);
}

/** Queues a frame that nobody misses: shed first when the socket lags. */
export function ephemeral(hub: Hub, connection: Connection, frame: string): void {
  if (connection.state !== "ready") return;
  if (connection.lagging || connection.queued + connection.buffered > BUFFER_SOFT_BYTES) {
    hub.counters.bounds.ephemeral_shed++;
    connection.shed = true;
    return;
  }
  push(hub, connection, frame);
}

/** Tells a ready socket how far its feed is, if it was not told. */
export function head(hub: Hub, connection: Connection, pos: Pos): void {
  if (connection.state !== "ready" || pos <= connection.told) return;
  if (connection.lagging) {
    if (pos > connection.missed) connection.missed = pos;
    return;
  }
  connection.told = pos;
  hub.counters.heads++;
  push(hub, connection, `{"type":"head","pos":${pos}}`);
}

function push(hub: Hub, connection: Connection, frame: string): void {
  connection.queued += frame.length;
  if (connection.queue.push(frame) > 1) return;
  if (hub.dirty.push(connection) === 1) hub.timers.soon(() => flush(hub));
}

/** Writes what this turn collected. */
export function flush(hub: Hub): void {
  const dirty = hub.dirty;
  const now = hub.monotonic();
  hub.dirty = [];
  for (const connection of dirty) {
    // A process that goes on after it stood still writes before its first tick.
    if (isSilent(hub, connection, now)) endSilent(hub, connection);
    else write(hub, connection);
  }
}

/** Writes one socket's frames now; for frames that must be out before a close. */
export function write(hub: Hub, connection: Connection): void {
  const { queue, socket } = connection;
  if (queue.length === 0) return;
  if (queue.length === 1) socket.sendText(queue[0] as string);
  else socket.cork(() => sendAll(connection));
  hub.counters.frames_out += queue.length;
  hub.counters.writes++;
  queue.length = 0;
  connection.queued = 0;
  connection.buffered = socket.getBufferedAmount();
  if (connection.buffered > BUFFER_SOFT_BYTES) overflow(hub, connection);
  else if (connection.lagging) drained(hub, connection);
}

function sendAll(connection: Connection): void {
  for (const frame of connection.queue) connection.socket.sendText(frame);
}

function overflow(hub: Hub, connection: Connection): void {
  if (connection.buffered > BUFFER_HARD_BYTES) slow(hub, connection);
  else lag(hub, connection);
}

function lag(hub: Hub, connection: Connection): void {
  if (connection.lagging || connection.state === "closed") return;
  connection.lagging = true;
  connection.lagging_since = hub.time;
  hub.counters.lagging++;
  hub.counters.bounds.lagging++;
}

function slow(hub: Hub, connection: Connection): void {
  if (connection.state === "closed") return;
  hub.counters.bounds.slow_consumer++;
  connection.queue.length = 0;
  end(hub, connection, CLOSE.slow_consumer, "slow consumer");
}

/** Closes a socket for good, behind what is queued for it. From here on it gets nothing and says nothing. */
export function end(hub: Hub, connection: Connection, code: number, reason: string): void {
  if (connection.state === "closed") return;
  hub.forget(connection);
  write(hub, connection);
  const { socket } = connection;
  socket.close(code, reason);
  // The close frame waits behind what the peer does not read, and memory with it.
  if (socket.getBufferedAmount() > 0) hub.timers.after(CLOSING_MS, () => socket.terminate());
  hub.counters.closes[code] = (hub.counters.closes[code] ?? 0) + 1;
}

/** One socket a device: it has a newer one, here or at another gateway. Rule X6. */
export function endReplaced(hub: Hub, connection: Connection): void {
  end(hub, connection, CLOSE.replaced, "replaced by a newer socket of this device");
}

/** A home out of reach may have revoked its session: nothing more is told, and it comes back by a hello that is checked. */
export function endSilent(hub: Hub, connection: Connection): void {
  if (connection.state === "closed") return;
  hub.counters.bounds.silent++;
  connection.queue.length = 0;
  end(hub, connection, CLOSE.going_away, "home out of reach");
}

/** The socket took what waited: it gets events again, and a `head` for those that it missed. */
export function drained(hub: Hub, connection: Connection): void {
  if (connection.state === "closed") return;
  connection.buffered = connection.socket.getBufferedAmount();
  if (!connection.lagging || connection.buffered > BUFFER_SOFT_BYTES / 2) return;
  connection.lagging = false;
  hub.counters.lagging--;
  head(hub, connection, connection.missed);
}
