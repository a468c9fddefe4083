/** What the browser offers to an app beyond drawing: installing, updating, notifying, and a badge on its icon. */
import type { ReadonlySignal } from "@preact/signals";
import type { Alert } from "./alerts.ts";

/** `menu`: only the browser's own share menu can install. `done`: it runs as an app. */
export type Install = "no" | "button" | "menu" | "done";

export type Permission = "unsupported" | "default" | "granted" | "denied";

/**
 * Where a push service takes messages for this device: a browser's as in RFC 8030, with the keys of RFC 8291; that of a
 * store knows the app for phones by a token.
 */
export type Subscription =
  | { kind: "webpush"; endpoint: string; keys: { p256dh: string; auth: string } }
  | { kind: "fcm"; token: string }
  | { kind: "apns"; token: string; topic: string };

/** Of a chat as a whole where its notification does not say which message it is of. */
export type IsRead = (channel: string, seq?: number) => boolean;

export type Host = {
  /** A new version is here and waits. */
  update: ReadonlySignal<boolean>;
  /** Starts the new version, which loads the page anew. */
  useUpdate: () => void;
  install: ReadonlySignal<Install>;
  installNow: () => Promise<void>;
  permission: ReadonlySignal<Permission>;
  /** Only after a click: browsers refuse those who ask unasked. */
  askPermission: () => Promise<void>;
  /** `key`: the server's public VAPID key in base64url. Rejects where the browser has no push service. */
  subscribe: (key: string) => Promise<Subscription>;
  unsubscribe: () => Promise<void>;
  /** Calls back when this device is reached elsewhere from now on; a browser tells its worker instead. */
  onMoved?: (heard: () => void) => void;
  /** Shows a notification of the page's own; absent where no page runs in the background. */
  alert?: (alert: Alert) => void;
  /** Takes away the notifications of messages that are read. */
  clear?: (isRead: IsRead) => void;
  /** The number on the app's icon and a mark on the tab's; 0 takes both away. */
  setBadge: (count: number) => void;
  /** A chat that somebody came for from outside, such as by a notification; "" is none. */
  wanted: ReadonlySignal<string>;
  /** Deletes what is kept of anybody who was signed in: databases, caches, keys, but not the app itself. */
  wipe: () => Promise<void>;
  /** Another tab has signed in or out: calls back with whether there is a session now. */
  onSession: (heard: (present: boolean) => void) => void;
};
