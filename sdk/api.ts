/** The public shapes: what an app holds in its hands. `createClient` in `client/` makes them true. */
import type {
  Attachment,
  Channel,
  ChannelId,
  ChannelSettings,
  ClientId,
  Device,
  DeviceId,
  FeedEvents,
  Listed,
  Me,
  Mention,
  Message,
  MessageId,
  PatchMe,
  Presence,
  Profile,
  Role,
  Seq,
  UserId,
} from "@damso/protocol";
import type { DamsoError } from "./errors.ts";
import type { Session } from "./session/session.ts";

export type Unsubscribe = () => void;

/**
 * The connection in words that a person can be shown.
 * `waiting` tries again at `until` (ms since 1970); `offline` waits for the network; `closed` is final.
 */
export type ConnectionState =
  | { name: "stopped" }
  | { name: "connecting" }
  | { name: "online" }
  | { name: "waiting"; until: number }
  | { name: "offline" }
  | { name: "closed"; reason: ClosedReason };

/** `session_ended`: sign in again. `replaced`: this device has a newer socket, for example in another tab. */
export type ClosedReason = "session_ended" | "replaced";

export type SendOptions = {
  /** The seq that this answers. */
  reply_to?: Seq;
  /** User ids, or `"all"` in a group. */
  mentions?: Mention[];
  attachments?: Attachment[];
};

/** The server's word that the message is kept for ever. */
export type Sent = {
  channel: ChannelId;
  client_id: ClientId;
  seq: Seq;
  message_id: MessageId;
  created_at: string;
};

/**
 * A message on its way. It leaves the list in the same step in which the message with this `client_id` joins the
 * timeline, so a view that shows messages, then pending ones, shows it exactly once and in one place.
 * `waiting`: not sent yet or to be sent again; `sending`: unanswered; `sent`: acknowledged, about to arrive in the
 * timeline; `failed`: refused for good with `code`, until `retry` or `remove`.
 */
export type Pending = SendOptions & {
  client_id: ClientId;
  channel: ChannelId;
  body: string;
  /** RFC 3339, by this device's clock. */
  created_at: string;
  state: "waiting" | "sending" | "sent" | "failed";
  code?: string;
  seq?: Seq;
};

/** A position in a channel; without one, the newest messages. */
export type HistoryQuery = ({ before: Seq } | { after: Seq } | { around: Seq } | object) & {
  /** 1 to 200; 50 when absent. */
  limit?: number;
};

export type Page = {
  /** Those that this user may see; none only where nothing more is that way, or nothing `around`. */
  messages: readonly Message[];
  more_before: boolean;
  more_after: boolean;
};

/** Members' watermarks of one channel: how far each has read and received. */
export type Receipt = { read: Seq; delivered: Seq };

/** Something that a view may have to draw again. Notified after the change, at most once a microtask. */
export type Topic = "channels" | "presence" | "state" | `channel:${ChannelId}`;

/** What happened, one call an event, in order. Events of the feed fire once
 * per device, also for what was missed; after a crash the last ones may fire again. */
export type ClientEvents = {
  /** A new message in a channel, own ones included. `live` is false while catching up. */
  message: { channel: ChannelId; message: Message; live: boolean };
  /** A message changed: edited, deleted, reacted to, pinned. */
  message_updated: { channel: ChannelId; message: Message; live: boolean };
  message_hidden: { channel: ChannelId; seq: Seq };
  channel: { channel: Channel };
  channel_left: { channel: ChannelId; reason: string };
  account: { changed: FeedEvents["account"]["changed"] };
  typing: { channel: ChannelId; user_id: UserId };
  presence: Presence;
  state: ConnectionState;
  /** The tokens were renewed: keep them, the earlier refresh token is used up. */
  session: Session;
  /** Too much was missed to be replayed: channels and open timelines were loaded anew. */
  reset: { head: number };
  /** Something failed that no call can report, such as a full disk. */
  error: DamsoError;
};

/** The own settings of a channel; a field absent stays, `null` clears. */
export type OwnSettings = {
  /** RFC 3339. */
  muted_until?: string | null;
  pinned?: boolean | null;
  draft?: string | null;
  /** Hide everything up to this seq, for this account. */
  cleared_to?: Seq | null;
  unread_mark?: boolean | null;
  /** Which messages are worth a notification, in place of the account's own level. */
  push_level?: "all" | "mentions" | "none" | null;
};

export type GroupPatch = { name?: string; avatar?: string; settings?: Partial<ChannelSettings> };

/** The life of a client. */
export type Lifecycle = {
  readonly user_id: UserId;
  readonly device_id: DeviceId;
  /**
   * Loads the local store and connects; resolves once online. On a device that knows nothing yet the channels follow:
   * `subscribe` tells. Rejects with `session_ended`, `replaced` or `stopped`; a server that is away is waited for.
   */
  start: () => Promise<void>;
  /** Closes the socket and the store. What was not sent stays in the outbox for the next start. */
  stop: () => Promise<void>;
  /** Ends the session on the server, stops, and deletes the local store. */
  logOut: () => Promise<void>;
  state: () => ConnectionState;
  /** Tell when the app comes to the foreground or leaves it: steers presence and push. True at the start. */
  setActive: (active: boolean) => void;
  on: <K extends keyof ClientEvents>(
    event: K,
    listener: (payload: ClientEvents[K]) => void,
  ) => Unsubscribe;
  subscribe: (listener: (topic: Topic) => void) => Unsubscribe;
};

/** What the device knows now. No call waits; the results are for reading only. */
export type Views = {
  direct: (user_id: UserId) => ChannelId;
  /** Pinned first, then by the newest message. */
  channels: () => readonly Channel[];
  channel: (channel: ChannelId) => Channel | undefined;
  /** Unread messages in all channels that are not muted: the badge. */
  unread: () => number;
  /** The loaded stretch of a timeline, ascending by seq without a hole; `history` loads and moves it. */
  messages: (channel: ChannelId) => Page;
  /** Messages on their way, in the order in which they will stand. */
  pending: (channel: ChannelId) => readonly Pending[];
  typingIn: (channel: ChannelId) => readonly UserId[];
  presenceOf: (user_id: UserId) => Presence | undefined;
  receiptsOf: (channel: ChannelId) => ReadonlyMap<UserId, Receipt>;
};

/** Messages: sending, changing, reading. All but `sendSoon`, `retry` and `remove` wait for the server. */
export type Messaging = {
  /** Resolves when the message is kept for ever; waits through interruptions. Rejects when it is refused for good. */
  send: (channel: ChannelId, body: string, options?: SendOptions) => Promise<Sent>;
  /** Queues a message and returns it at once, already listed in `pending`. Throws `queue_full`. */
  sendSoon: (channel: ChannelId, body: string, options?: SendOptions) => Pending;
  /** Puts a failed message at the end of the queue again. */
  retry: (client_id: ClientId) => void;
  /**
   * Takes a message that waits or failed out of the queue; false when it may already have been sent, as every message
   * that an earlier run has left waiting. A `send` that waits for it rejects with `stopped`.
   */
  remove: (client_id: ClientId) => boolean;
  edit: (channel: ChannelId, seq: Seq, body: string, if_rev?: number) => Promise<void>;
  /** Deletes for everybody (`"all"`, own messages or as admin) or hides for this account (`"me"`). */
  delete: (channel: ChannelId, seq: Seq, whom: "all" | "me") => Promise<void>;
  react: (channel: ChannelId, seq: Seq, emoji: string, on: boolean) => Promise<void>;
  pin: (channel: ChannelId, seq: Seq, on: boolean) => Promise<void>;
  /** Moves the read marker forward. At once in the views; the server is told as soon as it can be. */
  read: (channel: ChannelId, seq: Seq) => void;
  set: (channel: ChannelId, settings: OwnSettings) => Promise<void>;
  /** One page, from the local store where it has no hole, else from the server. Also loads `messages(channel)`. */
  history: (channel: ChannelId, query?: HistoryQuery) => Promise<Page>;
  /** The message with its full text; fetches it when only the preview of a long text is here. */
  body: (channel: ChannelId, seq: Seq) => Promise<Message>;
};

/** What is only alive while somebody looks. */
export type Looking = {
  /** Looks at a channel: loads its newest messages; typing, receipts and presence of its members arrive. */
  open: (channel: ChannelId) => Promise<void>;
  close: (channel: ChannelId) => void;
  /** The users shown on screen, at most 200; replaces the earlier set. */
  watch: (users: readonly UserId[]) => void;
  /** Call on every keystroke; sent at most once in three seconds. */
  typing: (channel: ChannelId) => void;
};

export type Groups = {
  /** The same call again after an error with `retry` makes no second group. */
  createGroup: (group: { name?: string; members: UserId[] }) => Promise<Channel>;
  updateGroup: (channel: ChannelId, patch: GroupPatch) => Promise<void>;
  /** Adds someone, or changes the role of a member. */
  addMember: (channel: ChannelId, user_id: UserId, role?: Role) => Promise<void>;
  removeMember: (channel: ChannelId, user_id: UserId) => Promise<void>;
  leave: (channel: ChannelId) => Promise<void>;
};

export type People = {
  users: {
    get: (user_id: UserId) => Promise<Profile>;
    /** The user of exactly this username, or undefined. */
    find: (username: string) => Promise<Profile | undefined>;
  };
  contacts: {
    list: () => Promise<Listed[]>;
    add: (user_id: UserId) => Promise<void>;
    remove: (user_id: UserId) => Promise<void>;
  };
  blocks: {
    list: () => Promise<Listed[]>;
    add: (user_id: UserId) => Promise<void>;
    remove: (user_id: UserId) => Promise<void>;
  };
  devices: {
    list: () => Promise<Device[]>;
    /** Logs that device out; its socket closes within a second. */
    remove: (device_id: DeviceId) => Promise<void>;
  };
  me: {
    get: () => Promise<Me>;
    update: (patch: PatchMe) => Promise<Me>;
    /** Deletes the account for ever. Rejects with `wrong_credentials`. */
    delete: (password: string) => Promise<void>;
  };
};

export type Client = Lifecycle & Views & Messaging & Looking & Groups & People;
