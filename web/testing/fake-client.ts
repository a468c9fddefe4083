/** A client without a server: the SDK's public shape over the small world, for tests and for looking at the page. */
import type {
  Channel,
  ChannelId,
  Client,
  ClientEvents,
  ClientId,
  ConnectionState,
  DeviceId,
  Message,
  OwnSettings,
  Page,
  Pending,
  Presence,
  Profile,
  Receipt,
  Seq,
  Topic,
  UserId,
} from "@damso/sdk";
import { DamsoError } from "@damso/sdk";
import { directChannel } from "@damso/protocol/ids";
import type { Talk } from "./scene.ts";
import { NOW, me, message, people } from "./scene.ts";

export type Fake = Client & {
  /** Every call that changes something, with its arguments. */
  calls: [name: string, ...args: unknown[]][];
  /** Somebody else says something. */
  receive: (channel: ChannelId, from: number, body: string, more?: Partial<Message>) => Message;
  /** Pending messages stay pending until `deliver`. */
  hold: boolean;
  /** The server keeps all pending messages of a channel. */
  deliver: (channel: ChannelId) => void;
  /** The server refuses the oldest pending message. */
  refuse: (channel: ChannelId, code: string) => void;
  connect: (state: ConnectionState) => void;
  type: (channel: ChannelId, users: UserId[]) => void;
  see: (presence: Presence) => void;
  mark: (channel: ChannelId, user: UserId, receipt: Receipt) => void;
};

const PAGE = 50;

export function createFake(start: Talk[], profiles: Profile[] = people): Fake {
  const talks = new Map(start.map((talk) => [talk.channel.id, talk]));
  const from = new Map<ChannelId, number>();
  const pending = new Map<ChannelId, Pending[]>();
  const typing = new Map<ChannelId, UserId[]>();
  const presence = new Map<UserId, Presence>();
  const receipts = new Map<ChannelId, Map<UserId, Receipt>>();
  const topics = new Set<(topic: Topic) => void>();
  const listeners = new Map<string, Set<(payload: never) => void>>();
  let state: ConnectionState = { name: "online" };
  let numbers = 0;

  const notify = (...changed: Topic[]): void => {
    for (const topic of changed) for (const listener of topics) listener(topic);
  };
  const emit = <K extends keyof ClientEvents>(event: K, payload: ClientEvents[K]): void => {
    for (const listener of listeners.get(event) ?? [])
      (listener as (payload: ClientEvents[K]) => void)(payload);
  };
  const patch = (id: ChannelId, change: Partial<Channel>): void => {
    const talk = talks.get(id);
    if (talk) talk.channel = { ...talk.channel, ...change };
    notify("channels", `channel:${id}`);
  };
  const place = (id: ChannelId, placed: Message): void => {
    const talk = talks.get(id);
    if (!talk) return;
    talk.messages = [...talk.messages.filter(({ seq }) => seq !== placed.seq), placed].sort(
      (a, b) => a.seq - b.seq,
    );
    const last = talk.messages.at(-1);
    patch(id, { head: talk.messages.length, ...(last ? { last } : {}) });
  };
  const change = (id: ChannelId, seq: Seq, more: Partial<Message>): void => {
    const found = talks.get(id)?.messages.find((each) => each.seq === seq);
    if (found) place(id, { ...found, ...more, rev: found.rev + 1 });
  };
  const found = (id: ChannelId): Talk => {
    const talk = talks.get(id);
    if (!talk) throw new DamsoError("not_found");
    return talk;
  };
  const ensure = (id: ChannelId): void => {
    if (talks.has(id)) return;
    const members = id.slice(1).split(".") as UserId[];
    talks.set(id, {
      channel: {
        ...found([...talks.keys()][0] as ChannelId).channel,
        id,
        kind: "direct",
        members: members.map((user_id) => ({ user_id, role: "member" })),
        head: 0,
      },
      messages: [],
    });
  };

  const fake: Fake = {
    calls: [],
    hold: false,
    user_id: me,
    device_id: "1456074443980800801" as DeviceId,
    start: async () => {},
    stop: async () => {},
    logOut: async () => {},
    state: () => state,
    setActive: () => {},
    on: (event, listener) => {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set);
      set.add(listener);
      return () => void set.delete(listener);
    },
    subscribe: (listener) => {
      topics.add(listener);
      return () => void topics.delete(listener);
    },
    direct: (user_id) => directChannel(me, user_id),
    channels: () =>
      [...talks.values()]
        .map(({ channel }) => channel)
        .sort((a, b) => (b.last?.created_at ?? "").localeCompare(a.last?.created_at ?? "")),
    channel: (id) => talks.get(id)?.channel,
    unread: () => [...talks.values()].reduce((sum, { channel }) => sum + channel.unread, 0),
    messages: (id): Page => {
      const all = talks.get(id)?.messages ?? [];
      const first = from.get(id) ?? Math.max(0, all.length - PAGE);
      return { messages: all.slice(first), more_before: first > 0, more_after: false };
    },
    pending: (id) => pending.get(id) ?? [],
    typingIn: (id) => typing.get(id) ?? [],
    presenceOf: (user_id) => presence.get(user_id),
    receiptsOf: (id) => receipts.get(id) ?? new Map<UserId, Receipt>(),
    send: async () => {
      throw new DamsoError("stopped");
    },
    sendSoon: (id, body, options = {}) => {
      numbers += 1;
      const queued: Pending = {
        ...options,
        client_id: `019f65c5-e895-7123-9567-${String(numbers).padStart(12, "0")}` as ClientId,
        channel: id,
        body,
        created_at: new Date(NOW + numbers * 1000).toISOString(),
        state: "sending",
      };
      fake.calls.push(["sendSoon", id, body, options]);
      pending.set(id, [...fake.pending(id), queued]);
      ensure(id);
      notify("channels", `channel:${id}`);
      if (!fake.hold) queueMicrotask(() => fake.deliver(id));
      return queued;
    },
    retry: (client_id) => void fake.calls.push(["retry", client_id]),
    remove: (client_id) => {
      for (const [id, list] of pending) {
        pending.set(
          id,
          list.filter((each) => each.client_id !== client_id),
        );
        notify(`channel:${id}`);
      }
      return true;
    },
    edit: async (id, seq, body) => {
      fake.calls.push(["edit", id, seq, body]);
      change(id, seq, { body, edited_at: new Date(NOW).toISOString() });
    },
    delete: async (id, seq, whom) => {
      fake.calls.push(["delete", id, seq, whom]);
      if (whom === "all") change(id, seq, { body: "", deleted_at: new Date(NOW).toISOString() });
      else {
        const talk = found(id);
        talk.messages = talk.messages.filter((each) => each.seq !== seq);
        notify(`channel:${id}`);
      }
    },
    react: async (id, seq, emoji, on) => {
      fake.calls.push(["react", id, seq, emoji, on]);
      const reactions = found(id).messages.find((each) => each.seq === seq)?.reactions ?? {};
      const others = (reactions[emoji] ?? []).filter((user_id) => user_id !== me);
      const users = on ? [...others, me] : others;
      const { [emoji]: _, ...rest } = reactions;
      change(id, seq, { reactions: users.length > 0 ? { ...rest, [emoji]: users } : rest });
    },
    pin: async (id, seq, on) => {
      const pins = found(id).channel.pins.filter((each) => each !== seq);
      change(id, seq, { pinned: on });
      patch(id, { pins: on ? [...pins, seq] : pins });
    },
    read: (id, seq) => {
      fake.calls.push(["read", id, seq]);
      const { channel } = found(id);
      patch(id, { read: seq, unread: channel.head - seq, unread_mentions: 0 });
    },
    set: async (id, settings: OwnSettings) => {
      fake.calls.push(["set", id, settings]);
      const kept = Object.entries(settings).filter(([, value]) => value !== null);
      const { channel } = found(id);
      const cleared = Object.entries(channel).filter(([name]) => !(name in settings));
      found(id).channel = Object.fromEntries([...cleared, ...kept]) as Channel;
      notify("channels", `channel:${id}`);
    },
    history: async (id, query = {}) => {
      const all = found(id).messages;
      if ("after" in query) {
        const { after, limit = PAGE } = query;
        const messages = all.filter(({ seq }) => seq > after).slice(0, limit);
        const more_after = (messages.at(-1)?.seq ?? after) < (all.at(-1)?.seq ?? 0);
        return { messages, more_before: after > 0, more_after };
      }
      if ("before" in query) from.set(id, Math.max(0, query.before - 1 - PAGE));
      if ("around" in query)
        from.set(id, Math.max(0, Math.min(query.around - 25, all.length - PAGE)));
      notify(`channel:${id}`);
      return fake.messages(id);
    },
    body: async (id, seq) => {
      const whole = found(id).messages.find((each) => each.seq === seq);
      if (!whole) throw new DamsoError("not_found");
      return whole;
    },
    open: async (id) => void found(id),
    close: () => {},
    watch: () => {},
    typing: (id) => void fake.calls.push(["typing", id]),
    createGroup: async (group) => {
      fake.calls.push(["createGroup", group]);
      throw new DamsoError("unavailable");
    },
    updateGroup: async (id, group) =>
      patch(id, group.name === undefined ? {} : { name: group.name }),
    addMember: async (id, user_id, role = "member") => {
      const others = found(id).channel.members.filter((each) => each.user_id !== user_id);
      patch(id, { members: [...others, { user_id, role }] });
    },
    removeMember: async (id, user_id) => {
      patch(id, { members: found(id).channel.members.filter((each) => each.user_id !== user_id) });
    },
    leave: async (id) => {
      talks.delete(id);
      notify("channels");
      emit("channel_left", { channel: id, reason: "left" });
    },
    users: {
      get: async (user_id) => {
        const profile = profiles.find((each) => each.user_id === user_id);
        if (!profile) throw new DamsoError("not_found");
        return profile;
      },
      find: async (username) => profiles.find((each) => each.username === username),
    },
    contacts: {
      list: async () =>
        profiles.slice(1, 5).map((each) => ({ ...each, since: new Date(NOW).toISOString() })),
      add: async (user_id) => void fake.calls.push(["contacts.add", user_id]),
      remove: async () => {},
    },
    blocks: { list: async () => [], add: async () => {}, remove: async () => {} },
    devices: { list: async () => [], remove: async () => {} },
    me: {
      get: async () => {
        throw new DamsoError("unavailable");
      },
      update: async () => {
        throw new DamsoError("unavailable");
      },
      delete: async () => {},
    },
    receive: (id, who, body, more) => {
      const { channel } = found(id);
      const placed = message(id, channel.head + 1, [who, 0, body, more ?? {}]);
      place(id, placed);
      patch(id, { unread: channel.unread + 1 });
      emit("message", { channel: id, message: placed, live: true });
      return placed;
    },
    deliver: (id) => {
      for (const queued of fake.pending(id)) {
        const { client_id, created_at, body, reply_to } = queued;
        const reply = reply_to === undefined ? {} : { reply_to };
        const head = found(id).channel.head;
        place(id, message(id, head + 1, [1, 0, body, { client_id, created_at, ...reply }]));
      }
      pending.delete(id);
      notify(`channel:${id}`);
    },
    refuse: (id, code) => {
      const list = fake
        .pending(id)
        .map((each, index) => (index === 0 ? { ...each, state: "failed" as const, code } : each));
      pending.set(id, list);
      notify(`channel:${id}`);
    },
    connect: (next) => {
      state = next;
      notify("state");
    },
    type: (id, users) => {
      typing.set(id, users);
      notify(`channel:${id}`);
    },
    see: (seen) => {
      presence.set(seen.user_id, seen);
      notify("presence");
    },
    mark: (id, user_id, receipt) => {
      const marks = new Map(receipts.get(id));
      marks.set(user_id, receipt);
      receipts.set(id, marks);
      notify(`channel:${id}`);
    },
  };
  return fake;
}
