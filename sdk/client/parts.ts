/** The parts of a client and how they hear of each other. */
import type { Ephemeral, FeedEvent, Replies, UserId } from "@damso/protocol";
import type { ConnectionState } from "../api.ts";
import { connection } from "../connection/connection.ts";
import type { Connection } from "../connection/connection.ts";
import type { Environment } from "../environment.ts";
import { DamsoError } from "../errors.ts";
import { outbox } from "../outbox/outbox.ts";
import type { Outbox } from "../outbox/outbox.ts";
import { platform } from "../platform/platform.ts";
import type { Session } from "../session/session.ts";
import { authorized, tokens } from "../session/tokens.ts";
import type { Tokens } from "../session/tokens.ts";
import { lateStore } from "../store/late.ts";
import type { Store } from "../store/port.ts";
import { writer } from "../store/writer.ts";
import type { Writer } from "../store/writer.ts";
import { ack } from "../timeline/ack.ts";
import { peerMarks } from "../timeline/fold.ts";
import { change, state } from "../timeline/state.ts";
import type { State } from "../timeline/state.ts";
import { takeEvent, takeHead, takeWelcome } from "../timeline/sync.ts";
import type { Http } from "../transport/http.ts";
import { events } from "./events.ts";
import type { Events } from "./events.ts";
import { looking, reopen, resumeLooking, stopTyping } from "./looking.ts";
import { takePresence, takeReceipt, takeTyping } from "./looking.ts";
import type { Looking, LookingWorld } from "./looking.ts";
import type { ClientOptions } from "./options.ts";
import { pauses } from "./pauses.ts";
import type { Pauses } from "./pauses.ts";
import { reads } from "./reads.ts";
import type { Reads } from "./reads.ts";

export type Parts = {
  user_id: UserId;
  environment: Environment;
  tokens: Tokens;
  http: Http;
  events: Events;
  pauses: Pauses;
  store: Store;
  writer: Writer;
  connection: Connection;
  outbox: Outbox;
  timeline: State;
  looking: Looking;
  reads: Reads;
  running?: Promise<void> | undefined;
  stopped: boolean;
  /** Who waits for `start`. */
  starting?: { resolve: () => void; reject: (error: DamsoError) => void } | undefined;
};

const CLIENT = "damso-sdk/0.1.0";

export function assemble(options: ClientOptions): Parts {
  const { session, environment = platform, client = CLIENT, window = 1 } = options;
  const told = events();
  const { emit, notify } = told;
  const failed = (error: DamsoError): void => emit("error", error);
  const waits = pauses(environment);
  const { pause } = waits;
  const holder = tokens(session, environment, (renewed) => emit("session", renewed));
  const link = connection({
    environment,
    tokens: holder,
    client,
    above: {
      cursor: () => timeline.cursor && { id: timeline.cursor.id, pos: timeline.cursor.pos },
      welcomed: (welcome) => welcomed(parts, welcome),
      pushed: (frame) => pushed(parts, frame),
      changed: (now) => changed(parts, now),
    },
  });
  const { call } = link;
  const online = (): boolean => link.state().name === "online";
  const { user_id } = session;
  const store = options.store ?? lateStore(() => environment.openStore(storeName(session)), failed);
  const writes = writer(store, { failed, stored: ({ pos }) => acks.stored(pos) });
  const base = { ...environment, call, emit, notify, pause, online, writer: writes };
  const out = outbox({
    ...base,
    user_id,
    window,
    head: (id) => timeline.channels.get(id)?.channel.head,
  });
  const marks = reads({ call, pause, online, changed: (id) => notifyChannel(parts, id) });
  const timeline = state({
    ...base,
    store,
    arrived: out.arrived,
    forget: out.forget,
    changed: ({ id, read }) => marks.reached(id, read),
  });
  const marked: LookingWorld["marked"] = (...mark) => takeMark(parts, ...mark);
  const look = looking({ ...base, tell: link.tell, marked });
  const acks = ack({ pause, send: (pos) => link.tell({ type: "ack", pos }) });
  const parts: Parts = {
    user_id,
    environment,
    tokens: holder,
    http: authorized(holder, environment),
    events: told,
    pauses: waits,
    store,
    writer: writes,
    connection: link,
    outbox: out,
    timeline,
    looking: look,
    reads: marks,
    stopped: false,
  };
  listen(parts);
  return parts;
}

/** Where a device keeps what it knows: one store per account and device. */
export function storeName({ server, user_id, device_id }: Session): string {
  return `damso ${server} ${user_id} ${device_id}`;
}

/** What one part learns from the events of another. */
function listen({ events, looking }: Parts): void {
  events.on("message", ({ channel, message }) => stopTyping(looking, channel, message.sender_id));
  events.on("channel", ({ channel }) => {
    // A direct channel that was opened before its first message can be looked at only now.
    if (looking.opened.get(channel.id)?.size === 0) reopen(looking, channel.id);
  });
}

function notifyChannel({ events }: Parts, id: Parameters<Reads["read"]>[0]): void {
  events.notify("channels");
  events.notify(`channel:${id}`);
}

function welcomed(parts: Parts, welcome: Replies["welcome"]): void {
  takeWelcome(parts.timeline, welcome);
  parts.outbox.resume();
  parts.reads.resume();
  resumeLooking(parts.looking);
  parts.starting?.resolve();
}

function changed(parts: Parts, now: ConnectionState): void {
  if (now.name === "closed") {
    const why = new DamsoError(now.reason);
    parts.outbox.end(why);
    parts.starting?.reject(why);
  }
  parts.events.emit("state", now);
  parts.events.notify("state");
}

function pushed({ timeline, looking }: Parts, frame: FeedEvent | Ephemeral): void {
  switch (frame.type) {
    case "head":
      return takeHead(timeline, frame.pos);
    case "typing":
      return takeTyping(looking, frame);
    case "presence":
      return takePresence(looking, frame);
    case "receipt":
      return takeReceipt(looking, frame);
    case "bye":
      return;
    default:
      // An event, also one that this version does not know: its position counts.
      if (Number.isSafeInteger(frame.pos)) takeEvent(timeline, frame);
  }
}

/** The other side's marks of a direct channel stand in its summary and outlive the looking. */
function takeMark({ timeline, user_id }: Parts, ...mark: Parameters<LookingWorld["marked"]>): void {
  const [id, user, { read, delivered }] = mark;
  const record = timeline.channels.get(id);
  if (record?.channel.kind !== "direct" || user === user_id) return;
  const was = record.channel;
  const marks = peerMarks(was, { peer_read: read, peer_delivered: delivered });
  if (marks.peer_read === was.peer_read && marks.peer_delivered === was.peer_delivered) return;
  const channel = { ...was, ...marks };
  change(timeline, { channels: new Map([[id, { ...record, channel }]]) });
}
