/** What of a signed-in page is seen outside of it: the badge, notifications, and the offers to have more of that. */
import type { ReadonlySignal } from "@preact/signals";
import { effect, untracked } from "@preact/signals";
import type { ChannelId, Client } from "@damso/sdk";
import { createAlerts } from "./alerts.ts";
import type { Chat } from "./chat.ts";
import type { Context } from "./context.ts";
import type { Hints } from "./hints.ts";
import { createHints } from "./hints.ts";
import type { Host } from "./host.ts";
import type { Notifications } from "./notifications.ts";
import { createNotifications } from "./notifications.ts";

export type Outside = {
  hints: Hints;
  notifications: Notifications;
  installNow: Host["installNow"];
  /** Whether somebody looks at the page. */
  setActive: (active: boolean) => void;
  stop: () => void;
};

type Inside = {
  chat: ReadonlySignal<Chat | undefined>;
  open: (channel: string) => void;
  unread: ReadonlySignal<number>;
  ready: Promise<void>;
};

export function createOutside(context: Context, host: Host, inside: Inside): Outside {
  const { client, connected, keep, speech } = context;
  const hints = createHints(host, keep);
  const notifications = createNotifications({ ...context, host });
  const clear = (): void => clearRead(client, host);
  const alerts = createAlerts(context, host, notifications);
  let active = true;
  let spoken = speech.language.peek();
  const offs = [
    effect(() => {
      const { value } = speech.language;
      if (value === spoken) return;
      spoken = value;
      // Notifications are written by the server, which is told in which language.
      untracked(() => void notifications.refresh().catch(() => {}));
    }),
    effect(() => {
      host.setBadge(inside.unread.value);
      // Fewer may be unread than notifications say.
      untracked(clear);
    }),
    effect(() => {
      if ((inside.chat.value?.written.value ?? 0) > 0) untracked(hints.sent);
    }),
    effect(() => {
      const { value } = host.wanted;
      if (value !== "") untracked(() => inside.open(value));
    }),
    effect(() => {
      // What was read elsewhere while the app was closed may leave the number as it is.
      if (connected.value) untracked(clear);
    }),
    client.on("message", ({ message, live }) => {
      if (!live || active || message.sender_id === client.user_id) return;
      hints.missed();
      // Without a network the next push says it.
      alerts.came(message).catch(() => {});
    }),
  ];
  // A server that cannot push, or not now, says so when somebody turns them on.
  void inside.ready.then(() => notifications.refresh().catch(() => {}));
  return {
    hints,
    notifications,
    installNow: host.installNow,
    setActive: (now) => {
      active = now;
      client.setActive(now);
      if (now) clear();
    },
    stop: () => {
      for (const off of offs) off();
    },
  };
}

/** Takes away the notifications of what is read by now, whoever showed them. */
export function clearRead(client: Pick<Client, "channel">, host: Pick<Host, "clear">): void {
  host.clear?.((id, seq) => {
    const { read = 0, unread = 1 } = client.channel(id as ChannelId) ?? {};
    return seq === undefined ? unread === 0 : read >= seq;
  });
}
