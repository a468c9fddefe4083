/**
 * The handshake: one request attaches the device and reads its first page, so a reconnect is one round trip.
 * Live events that arrive meanwhile wait until `welcome` is written. Rules: P15 (hello), I2 (no gaps), I17 (revoked).
 */
import { CLOSE, CODES, refusal } from "@damso/protocol/codes";
import type { Refusal } from "@damso/protocol/codes";
import type { ClientFrames } from "@damso/protocol/frames/client";
import { refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import type { EventsPage } from "@damso/core/shard/commands";
import { request } from "./ask.ts";
import { markOf, noteUse } from "./exchange.ts";
import { channelsLeft } from "./left.ts";
import { end, endReplaced, event, head, reply } from "./outgoing.ts";
import { frameOf, refuseFrame } from "./replies.ts";
import type { Connection, Hub, Identity, Ready } from "./types.ts";
import { detach, enter } from "./users.ts";

/** RFC 6455 registry: try again later. */
const TRY_AGAIN_LATER = 1013;

/** Ends in `ready`, or in `closed` with the reason told. */
export async function greet(
  hub: Hub,
  connection: Connection,
  frame: ClientFrames["hello"],
): Promise<void> {
  connection.state = "greeting";
  connection.greeted_at = hub.clock.now();
  const token = frame.token ?? connection.context.token;
  const who = await identify(hub, token);
  if (isClosed(connection)) return;
  if (!who.ok) return turnAway(hub, connection, frame.id, who.refusal);
  register(hub, connection, who.value, frame.active ?? true);
  const ready = connection as Ready;
  const page = await request<"attach">(hub, {
    kind: "attach",
    ...ready.attachee,
    ...(frame.feed ? { feed: frame.feed } : {}),
    active: connection.active,
    socket: markOf(connection),
  });
  // A revoke between the check of the token and the attaching found neither a socket nor a home to tell: so the token is
  // checked once more. One that is revoked after this finds the connection attached.
  const alive = page.ok ? await identify(hub, token) : page;
  if (page.ok && alive.ok && !isClosed(connection)) {
    if (replaceOlder(hub, ready)) welcome(hub, ready, frame.id, page.value);
    return;
  }
  if (!alive.ok) turnAway(hub, connection, frame.id, alive.refusal);
  // Closed meanwhile, or refused with an outcome that nobody knows: the home may have it attached.
  detach(hub, ready.attachee, connection.gone);
}

/** A socket may have been closed during any wait; asked by a function because the compiler does not expect it. */
function isClosed(connection: Connection): boolean {
  return connection.state === "closed";
}

async function identify(hub: Hub, token: string | undefined): Promise<Result<Identity>> {
  if (token === undefined) return refuse("unauthenticated");
  try {
    return await hub.authenticate(token);
  } catch (error) {
    hub.log.error("a token could not be checked", { error });
    return refuse("unavailable");
  }
}

/** From here on events for the user reach this connection and are held, and a revoke finds it. */
function register(hub: Hub, connection: Connection, who: Identity, active: boolean): void {
  const user = enter(hub, who.user_id);
  connection.attachee = { ...who, gateway: hub.gateway_id };
  connection.user = user;
  connection.answered_at = hub.monotonic();
  connection.active = active;
  connection.held = [];
  user.sockets = [...user.sockets, connection];
}

/** Says why and closes: 4002 when another hello of the same kind would fail too, else "try again later". */
export function turnAway(
  hub: Hub,
  connection: Connection,
  id: number | undefined,
  why: Refusal,
): void {
  hub.counters.bounds.hello++;
  if (id !== undefined) refuseFrame(hub, connection, id, why);
  if (CODES[why.code].retry) end(hub, connection, TRY_AGAIN_LATER, why.code);
  else end(hub, connection, CLOSE.bad_hello, why.code);
}

/** One socket a device: the newer closes the older. False when this one is the older of two that raced. */
function replaceOlder(hub: Hub, connection: Ready): boolean {
  for (const other of connection.user.sockets) {
    if (other === connection || other.attachee?.device_id !== connection.attachee.device_id)
      continue;
    const older = other.serial < connection.serial ? other : connection;
    if (older === connection && other.state !== "ready") continue;
    endReplaced(hub, older);
    if (older === connection) {
      detach(hub, connection.attachee, false);
      return false;
    }
  }
  return true;
}

function welcome(hub: Hub, connection: Ready, id: number, page: EventsPage): void {
  const { user_id, device_id, session_id } = connection.attachee;
  const { limits } = hub;
  const { heartbeat_ms } = limits;
  const fields = { user_id, device_id, session_id, ...page, heartbeat_ms, limits };
  connection.state = "ready";
  connection.told = page.feed.head;
  hub.greeting.delete(connection);
  hub.ready.add(connection);
  hub.counters.ready++;
  noteUse(hub, connection);
  reply(hub, connection, frameOf("welcome", id, fields));
  channelsLeft(hub, connection.user, page);
  letGo(hub, connection, page);
}

/** Lets the held events follow, without those that the page covers. */
function letGo(hub: Hub, connection: Ready, page: EventsPage): void {
  const covered = page.reset ? page.feed.head : (page.events.at(-1)?.pos ?? page.feed.head);
  const held = connection.held ?? [];
  connection.held = undefined;
  for (const { pos, frame } of held) if (pos > covered) event(hub, connection, pos, frame);
  head(hub, connection, connection.missed);
}

/** The refusal of a first frame that is no hello. */
export const NOT_HELLO: Refusal = refusal("unauthenticated", "the first frame must be hello");
