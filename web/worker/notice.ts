/** What a push says, as the server sends it, and what a worker shows of it. Rules N3, N9, N16. */

/** The place of a notification in its chat, as its `data` carries it. */
export type Place = { channel: string; seq: number; pos: number };

/** What is shown of a message. */
export type Message = { title: string; options: NotificationOptions & Extra } & Place;

export type Pushed =
  | ({ kind: "message"; badge: number } & Message)
  | { kind: "read"; channel: string; seq: number; badge: number };

/** What notifications have beyond the types of the platform. */
type Extra = { renotify?: boolean; timestamp?: number; actions?: Action[] };
type Action = { action: string; title: string; type?: "text"; placeholder?: string };

export type Words = { read: string; reply: string; unknown: string; unsent: string };
const WORDS: { en: Words; ko: Words } = {
  en: {
    read: "Mark as read",
    reply: "Reply",
    unknown: "Something new",
    unsent: "Not sent. Tap to try again.",
  },
  ko: {
    read: "읽음으로 표시",
    reply: "답장",
    unknown: "새 소식",
    unsent: "보내지 못했어요. 눌러서 다시 보내세요.",
  },
};

export const wordsOf = (language: string): Words => (/^ko\b/i.test(language) ? WORDS.ko : WORDS.en);

type Fields = Record<string, unknown>;

/** Undefined for what is no push of this server: a later one, maybe. */
export function parsePush(text: string, words: Words): Pushed | undefined {
  const json = fieldsOf(parseJson(text));
  const badge = numberOf(json["app_badge"]);
  if (json["kind"] === "read") {
    const [channel, seq] = [textOf(json["channel"]), numberOf(json["seq"])];
    return channel === "" ? undefined : { kind: "read", channel, seq, badge };
  }
  const notification = fieldsOf(json["notification"]);
  const title = textOf(notification["title"]);
  if (json["web_push"] !== 8030 || title === "") return undefined;
  const place = placeOf(notification["data"]);
  return {
    kind: "message",
    title,
    options: optionsOf(notification, place, words),
    badge,
    ...place,
  };
}

/** What a page in the background tells of, as a push would; undefined for whatever else pages say. */
export function parseAlert(told: unknown, words: Words): Message | undefined {
  const fields = fieldsOf(told);
  const { type, title, body } = fields;
  const place = placeOf(fields);
  if (type !== "alert" || textOf(title) === "" || place.channel === "") return undefined;
  return { title: textOf(title), options: optionsOf({ body }, place, words), ...place };
}

function optionsOf(notification: Fields, place: Place, words: Words): NotificationOptions & Extra {
  const silent = notification["silent"] === true;
  return {
    body: textOf(notification["body"]),
    tag: place.channel,
    data: place,
    icon: "/icon-192.png",
    badge: "/icon-badge-96.png",
    silent,
    // The platform refuses the two together.
    renotify: !silent,
    // A test is of no message.
    actions: place.seq === 0 ? [] : actionsOf(words),
  };
}

const actionsOf = ({ read, reply }: Words): Action[] => [
  { action: "reply", title: reply, type: "text", placeholder: reply },
  { action: "read", title: read },
];

export function placeOf(data: unknown): Place {
  const fields = fieldsOf(data);
  return {
    channel: textOf(fields["channel"]),
    seq: numberOf(fields["seq"]),
    pos: numberOf(fields["pos"]),
  };
}

/** A reply that could not be sent, as the notification carries it that says so. */
export type Unsent = { channel: string; seq: number; client_id: string; body: string };

/** Its data has no place: it is not of a message, and goes neither with the next one nor with those that are read. */
export function unsentNotice(
  unsent: Unsent,
  { unsent: title }: Words,
): { title: string; options: NotificationOptions } {
  const options = {
    body: unsent.body,
    tag: `unsent ${unsent.client_id}`,
    data: { unsent },
    icon: "/icon-192.png",
    silent: true,
  };
  return { title, options };
}

export function unsentOf(data: unknown): Unsent | undefined {
  const { unsent } = fieldsOf(data);
  return unsent as Unsent | undefined;
}

/** Where the app shows the message. */
export const addressOf = ({ channel, seq }: Pick<Place, "channel" | "seq">): string =>
  channel === "" || seq === 0 ? "/" : `/#${channel}/${seq}`;

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const numberOf = (value: unknown): number => (typeof value === "number" ? value : 0);
const fieldsOf = (value: unknown): Fields =>
  typeof value === "object" && value ? (value as Fields) : {};

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
