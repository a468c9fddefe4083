/**
 * What a run tells those who judge it, at the moment it happens and in one order. Whoever listens sees what a client, a
 * disk or a user could see, never how the server came to it.
 */
import type { ChannelId, ClientId, Message, Seq, SessionId, UserId } from "@damso/protocol";
import type { Command } from "@damso/core/shard/commands";
import type { Put } from "@damso/core/tables";
import type { Change, Cursor } from "@damso/sdk/store/port";
import type { PushedPlace } from "./pushes.ts";

/** One signed-in device; `device` is unique in a run, `u3.d1`. */
export type Who = {
  device: string;
  user_id: UserId;
  device_id: string;
  session_id: SessionId;
};

/** A message as the person meant it. `order` rises with every send of the device; `known`: the newest seq it had seen. */
export type Intent = {
  who: Who;
  channel: ChannelId;
  client_id: ClientId;
  body: string;
  order: number;
  known: Seq;
  reply_to?: Seq;
};

export type Outcome =
  | { sent: { seq: Seq; message_id: string; created_at: string } }
  | { refused: string };

/** What a store has in this place. */
export type Held = (channel: ChannelId, seq: Seq) => Message | undefined;

export type Witness = {
  /** Rows became durable together, in the order of their shard; before anybody can have been told. */
  committed(shard: number, puts: readonly Put[]): void;
  /** The store was replaced by a backup, which holds these rows and no others. */
  restored(rows: readonly Put[]): void;
  /** A server process, by the name of its life, has a socket of a device; `socket` numbers its connections. */
  opened(who: Who, socket: number, node: string): void;
  /** A gateway asks a home or an owner; what comes back is called when it is answered and not only `unavailable`. */
  asking(node: string, command: Command): () => void;
  /** The server gave this text to the socket of a device. */
  told(who: Who, socket: number, frame: string): void;
  /** The server got this text from a device; the hello too. */
  heard(who: Who, socket: number, frame: string): void;
  /** Bytes that the server keeps for a socket, because its peer does not take them. */
  waiting(who: Who, socket: number, bytes: number): void;
  /** An HTTP call of a device reached the server; what comes back is called with its answer. */
  asked(who: Who, call: string, body: unknown): (status: number, answer: unknown) => void;
  /** The app asked the SDK to send. */
  intended(intent: Intent): void;
  /** The SDK told the app what became of it. */
  settled(client_id: ClientId, outcome: Outcome): void;
  /** A revoke of these sessions was answered. */
  revoked(sessions: readonly SessionId[]): void;
  /** A transaction of a device's own store is durable, which holds these messages now. */
  stored(who: Who, change: Change, held: Held): void;
  /** The device's own store was put back to an older state, or emptied (`undefined`). */
  rewound(who: Who, cursor: Cursor | undefined): void;
  /**
   * A push is on its way; what comes back is called when the push service takes it over. `former`: its server believes
   * that it owns the shard, and another one does.
   */
  pushing(request: PushedPlace, former?: boolean): () => void;
  /**
   * A server process ended and lost its memory, or its store failed (`down`: nothing can be written) and was opened again
   * (`up`), which it outlives: what devices told it is known as before.
   */
  crashed(node: string, store?: "down" | "up"): void;
};
