/**
 * Where due notifications go: the notifier behind the shards (`PushSink`), and what it hands them to, one sender for
 * each kind of push service (`PushSender`, contract in `contracts/push-sender.ts`).
 */
import type { DeviceId } from "@damso/protocol/ids";
import type { PushRequest } from "../push/rules.ts";
import type { PushTarget } from "./account-records.ts";
import type { Signal } from "./signal.ts";

export type PushSink = {
  /**
   * Resolves when every device has the request or never will: only then its row is deleted. An answer names those that
   * are done and when the others are to be tried again; a rejection is tried again as a whole.
   */
  push(request: PushRequest, signal?: Signal): Promise<Unfinished | undefined>;
  /** It can take notifications back, so homes write rows for that too. */
  readonly withdraws?: boolean;
};

export type Unfinished = { again_ms: number; done: DeviceId[] };

/** What a device is to show, as text in its language, or to take back. No field is for logs. */
export type Notice =
  | {
      kind: "message";
      channel: string;
      seq: number;
      pos: number;
      title: string;
      body: string;
      /** Unread messages of the channel, which the notification stands for. */
      count: number;
      badge: number;
      /** No sound and no vibration: quiet hours, or an edit of what is shown already. */
      silent: boolean;
    }
  | { kind: "read"; channel: string; seq: number; pos: number; badge: number }
  /** Nothing but the number, which stands beside what chats show. For services that change it without showing anything. */
  | { kind: "badge"; channel: "badge"; seq: 0; pos: number; badge: number };

/** For services that have nothing for a number alone. */
export type ChatNotice = Exclude<Notice, { kind: "badge" }>;

export type Delivery = {
  target: PushTarget;
  notice: Notice;
  /** The same for all notices of one channel on one device: a later one takes the place of an earlier one. */
  collapse: string;
  /** How long the service keeps it for a device that is off. */
  ttl_s: number;
};

/** What came of one delivery. `why` is for metrics and logs: it holds neither addresses nor text. */
export type SendOutcome =
  | { outcome: "sent" }
  /** The address is no more: the subscription goes. */
  | { outcome: "gone"; why: string }
  /** Not now: the service is away, busy, or says so. */
  | { outcome: "later"; why: string; after_ms?: number }
  /** Never as it is: another try would end the same. */
  | { outcome: "refused"; why: string };

export type PushSender = {
  /** Never rejects but for an aborted signal, and ends within its own time limit. */
  send(delivery: Delivery, signal?: Signal): Promise<SendOutcome>;
  /** Whose service this target is at: what is dead or busy there holds up nothing elsewhere. */
  serviceOf(target: PushTarget): string;
  /** Why nothing would ever be sent to this target, or undefined. */
  refusal(target: PushTarget): string | undefined;
  close(): Promise<void>;
};

export type PushSenders = { readonly [K in PushTarget["kind"]]?: PushSender };
