/** What FCM is told: a notification that Android shows by itself, and data for the app. Rules N3, N13. */
import type { ChatNotice, Delivery } from "@damso/core/ports/push";
import { fitted } from "../outbound/fit.ts";

/** Android's channels of notifications, which the app makes at its start. */
const CHANNELS = { loud: "messages", silent: "quiet" } as const;

/** What FCM takes at most. */
const BODY_BYTES_MAX = 4096;

type ChatDelivery = Delivery & { notice: ChatNotice };

/** The body of the call, its quote cut until it fits. */
export function bodyOf(delivery: ChatDelivery): string {
  const { notice } = delivery;
  if (notice.kind === "read") return JSON.stringify({ message: messageOf(delivery) });
  return fitted(notice.body, BODY_BYTES_MAX, (body) =>
    JSON.stringify({ message: messageOf({ ...delivery, notice: { ...notice, body } }) }),
  );
}

function messageOf({ target, notice, collapse, ttl_s }: ChatDelivery): object {
  const token = target.kind === "fcm" ? target.token : "";
  const { kind, channel, seq, pos, badge } = notice;
  // Every value of data is a string.
  const data = { kind, channel, seq: String(seq), pos: String(pos), badge: String(badge) };
  const android = { collapse_key: collapse, ttl: `${ttl_s}s` };
  if (notice.kind === "read") return { token, data, android: { ...android, priority: "NORMAL" } };
  return {
    token,
    notification: { title: notice.title, body: notice.body },
    data: { ...data, count: String(notice.count) },
    android: {
      ...android,
      priority: "HIGH",
      notification: {
        tag: channel,
        channel_id: notice.silent ? CHANNELS.silent : CHANNELS.loud,
        notification_count: badge,
      },
    },
  };
}
