/** What a socket's text means at each stage of its life. Rules P10, P11, P12, P15, P20. */
import { CLOSE, refusal } from "@damso/protocol/codes";
import type { Refusal } from "@damso/protocol/codes";
import { parseClientFrame } from "@damso/protocol/frames/parse";
import { withinBytes } from "@damso/protocol/text";
import { mayAsk, tooFast } from "./allow.ts";
import { EARLY_FRAMES_MAX, EARLY_UNITS_MAX, ERRORS_MAX, FRAMES_MAX, WINDOW_MS } from "./bounds.ts";
import { dispatch } from "./dispatch/table.ts";
import { greet, NOT_HELLO, turnAway } from "./hello.ts";
import { end, endSilent } from "./outgoing.ts";
import { refuseFrame } from "./replies.ts";
import { isSilent } from "./silent.ts";
import type { Connection, Hub, Ready } from "./types.ts";
import { turnWindow } from "./window.ts";

/** One frame as the socket brought it. Never throws on what a client can send. */
export function receive(hub: Hub, connection: Connection, data: string | Uint8Array): void {
  if (connection.state === "closed") return;
  hub.counters.frames_in++;
  if (typeof data !== "string") {
    end(hub, connection, CLOSE.protocol_error, "binary frame");
  } else if (!withinBytes(data, hub.limits.frame_bytes_max)) {
    end(hub, connection, CLOSE.too_large, "frame too large");
  } else if (connection.state === "ready") {
    connection.heard_at = hub.time;
    if (isSilent(hub, connection, hub.monotonic())) endSilent(hub, connection);
    else next(hub, connection as Ready, data);
  } else if (connection.state === "greeting") early(hub, connection, data);
  else first(hub, connection, data);
}

function next(hub: Hub, connection: Ready, text: string): void {
  const parsed = parseClientFrame(text);
  if (hub.rate_limits.on && ++connection.frames > FRAMES_MAX && isFlood(hub, connection)) return;
  if (!parsed.ok) broken(hub, connection, parsed.id, parsed.refusal);
  else if (parsed.frame.type === "hello") {
    broken(hub, connection, parsed.frame.id, refusal("invalid", "hello was said already"));
  } else if (connection.leaving) {
    refuseFrame(hub, connection, parsed.frame.id, refusal("busy", "this server is going away", 0));
  } else dispatch(hub, connection, parsed.frame);
}

function isFlood(hub: Hub, connection: Ready): boolean {
  turnWindow(hub, connection);
  if (connection.frames <= FRAMES_MAX) return false;
  hub.counters.bounds.rate_limited++;
  tooFast(hub, connection, WINDOW_MS);
  return true;
}

/**
 * The socket stays open: a client of a later version may know more types than we do. But not for ever, and each frame
 * counts as a request, since it was read.
 */
function broken(hub: Hub, connection: Ready, id: number | undefined, why: Refusal): void {
  if (!mayAsk(hub, connection, id)) return;
  refuseFrame(hub, connection, id, why);
  if (why.code !== "invalid" && why.code !== "unknown_type") return;
  turnWindow(hub, connection);
  if (++connection.errors < ERRORS_MAX) return;
  hub.counters.bounds.protocol_errors++;
  end(hub, connection, CLOSE.protocol_error, "too many protocol errors");
}

/** The first frame is a hello of at most 4 KiB, or the end. */
function first(hub: Hub, connection: Connection, text: string): void {
  if (!withinBytes(text, hub.limits.hello_bytes_max)) {
    return turnAway(hub, connection, undefined, refusal("too_large"));
  }
  const parsed = parseClientFrame(text);
  if (!parsed.ok) return turnAway(hub, connection, parsed.id, parsed.refusal);
  if (parsed.frame.type !== "hello") return turnAway(hub, connection, parsed.frame.id, NOT_HELLO);
  connection.heard_at = hub.time;
  void greet(hub, connection, parsed.frame).then(() => catchUp(hub, connection));
}

/** A client that does not wait for `welcome` saves a round trip: its frames are handled right behind it. */
function early(hub: Hub, connection: Connection, text: string): void {
  const waiting = (connection.early ??= []);
  if (
    waiting.length >= EARLY_FRAMES_MAX ||
    connection.early_units + text.length > EARLY_UNITS_MAX
  ) {
    hub.counters.bounds.early++;
    const parsed = parseClientFrame(text);
    const id = parsed.ok ? parsed.frame.id : parsed.id;
    refuseFrame(hub, connection, id, refusal("busy", "wait for welcome", 0));
    return;
  }
  waiting.push(text);
  connection.early_units += text.length;
}

function catchUp(hub: Hub, connection: Connection): void {
  const waiting = connection.early ?? [];
  connection.early = undefined;
  connection.early_units = 0;
  for (const text of waiting) receive(hub, connection, text);
}
