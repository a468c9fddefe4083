/** The page of somebody who is signed in: the list, the open chat, and what concerns both. */
import { isChannelId } from "@damso/protocol/ids";
import type { Channel, ChannelId, Client, ConnectionState, Session, UserId } from "@damso/sdk";
import type { ReadonlySignal, Signal } from "@preact/signals";
import { batch, computed, effect, signal, untracked } from "@preact/signals";
import { createAnnouncer } from "./announcer.ts";
import type { Chat, ChatTools } from "./chat.ts";
import { openChat } from "./chat.ts";
import type { Row } from "./chat-list.ts";
import { createChatList } from "./chat-list.ts";
import type { Bar } from "./connection.ts";
import { barOf, createConnection } from "./connection.ts";
import type { Context } from "./context.ts";
import type { Deletions } from "./deletions.ts";
import { createDeletions } from "./deletions.ts";
import { createDrafts } from "./drafts.ts";
import { createEdits } from "./edits.ts";
import type { Host } from "./host.ts";
import type { Going } from "./going.ts";
import { createGoing } from "./going.ts";
import { createLive } from "./live.ts";
import type { Outside } from "./outside.ts";
import { createOutside } from "./outside.ts";
import { createPeople } from "./people.ts";
import { watched } from "./presence.ts";
import { createReporting } from "./report.ts";
import type { Report } from "./report.ts";
import type { ReadStored } from "./search.ts";

export type Home = {
  context: Context;
  /** False until the first channels, or the news that there are none, are here. */
  loaded: ReadonlySignal<boolean>;
  /** The first welcome of the server; never, when that does not come. */
  ready: Promise<void>;
  rows: ReadonlySignal<readonly Row[]>;
  chat: ReadonlySignal<Chat | undefined>;
  bar: ReadonlySignal<Bar | undefined>;
  unread: ReadonlySignal<number>;
  me: { name: ReadonlySignal<string>; username: ReadonlySignal<string>; id: UserId };
  notice: ReadonlySignal<string>;
  announcement: ReadonlySignal<string>;
  report: Report;
  deletions: Deletions;
  going: Going;
  outside: Outside;
  /** Opens the chat of this id; what is no channel id opens nothing. */
  open: (channel: string) => void;
  openWith: (user_id: UserId) => void;
  close: () => void;
  setActive: (active: boolean) => void;
  stop: () => Promise<void>;
};

type Tools = Pick<Context, "api" | "speech" | "keep" | "now" | "later"> & {
  host: Host;
  apple: boolean;
  stored: ReadStored | undefined;
  /** What the browser says of the network. */
  network: ReadonlySignal<boolean>;
  /** The server has said that it goes and comes back. */
  restarting: ReadonlySignal<boolean>;
  /** The session is over, here or elsewhere. */
  ended: () => void;
  /** The tokens were renewed. */
  renewed: (session: Session) => void;
};

/** Starts the client at once; what is stored on this device is shown before the server answers. */
export function createHome(client: Client, tools: Tools): Home {
  const { api, speech, keep, now, later } = tools;
  const live = createLive(client);
  const people = createPeople(client, speech, keep, `damso.people.${client.user_id}`);
  const connection = createConnection(client, { live, later }, tools);
  const { state } = connection;
  const connected = computed(() => state.value.name === "online");
  const context: Context = { client, connected, api, live, people, speech, keep, now, later };
  const { report, notice } = createReporting(context);
  const drafts = createDrafts(context);
  const deletions = createDeletions(context, report);
  const edits = createEdits(context, report);
  const desk = createDesk(context, { drafts, report, deletions, edits });
  const followed = follow(context, state);
  const { channels, started } = followed;
  const offs = [
    connection.stop,
    ...listen(context, desk, followed, tools),
    effect(() => {
      // What was to be deleted, changed, or kept as a draft, without a connection.
      if (state.value.name !== "online") return;
      untracked(deletions.flush);
      untracked(edits.flush);
      untracked(drafts.sync);
      untracked(() => people.renew([]));
    }),
  ];
  const ready = start(client, started);
  const draftOf = (id: ChannelId): string => (desk.chat.value?.id === id ? "" : drafts.of(id));
  const rows = createChatList(context, draftOf, edits.all);
  const { unread } = followed;
  void ready.then(() => people.renew(membersOf(channels.peek())));
  const outside = createOutside(context, tools.host, { ...desk, unread, ready });
  return {
    context,
    loaded: computed(() => started.value || channels.value.length > 0),
    ready,
    rows,
    going: createGoing(context, report, { ...desk, rows }, tools),
    bar: computed(() => barOf(state.value, speech.strings.value, tools.restarting.value)),
    unread,
    me: {
      id: client.user_id,
      name: computed(() => people.nameOf(client.user_id)),
      username: computed(() => people.profileOf(client.user_id)?.username ?? ""),
    },
    notice,
    announcement: createAnnouncer(context, deletions.undoable),
    report,
    deletions,
    ...desk,
    openWith: (user_id) => desk.open(client.direct(user_id)),
    outside,
    setActive: outside.setActive,
    stop: async () => {
      outside.stop();
      deletions.flush();
      for (const off of offs) off();
      live.stop();
      await client.stop();
    },
  };
}

/** More names than these are asked for anew when they are next seen on their profile. */
const RENEWED_MAX = 200;

function membersOf(channels: readonly Channel[]): UserId[] {
  const all = channels.flatMap(({ members }) => members.map(({ user_id }) => user_id));
  return [...new Set(all)].slice(0, RENEWED_MAX);
}

/** The one chat that is open. */
type Desk = Pick<Home, "chat" | "open" | "close">;

function createDesk(context: Context, tools: ChatTools): Desk {
  const chat = signal<Chat | undefined>(undefined);
  return {
    chat,
    open: (channel) => {
      if (!isChannelId(channel) || chat.peek()?.id === channel) return;
      batch(() => {
        chat.peek()?.close();
        chat.value = openChat(context, channel, tools);
      });
      const peer = chat.peek()?.peer;
      // Nobody is told when somebody else changes name or picture, or goes.
      const online = context.client.state().name === "online";
      if (peer !== undefined && online) context.people.refresh(peer);
    },
    close: () => {
      chat.peek()?.close();
      chat.value = undefined;
    },
  };
}

type Followed = {
  channels: ReadonlySignal<readonly Channel[]>;
  state: ReadonlySignal<ConnectionState>;
  unread: ReadonlySignal<number>;
  started: Signal<boolean>;
};

function follow({ client, live }: Context, state: Followed["state"]): Followed {
  const channels = computed(() => {
    live.follow("channels");
    return client.channels();
  });
  const unread = computed(() => {
    live.follow("channels");
    return client.unread();
  });
  return { channels, state, unread, started: signal(false) };
}

function listen(context: Context, desk: Desk, followed: Followed, tools: Tools): (() => void)[] {
  const { client, people } = context;
  const { channels, state, started } = followed;
  return [
    client.on("session", tools.renewed),
    client.on("account", ({ changed }) => {
      if (changed === "profile") people.refresh(client.user_id);
    }),
    client.on("channel_left", ({ channel }) => {
      if (desk.chat.peek()?.id === channel) desk.close();
    }),
    effect(() => {
      const users = watched(channels.value, client.user_id, desk.chat.value?.peer);
      if (started.value) client.watch(users);
    }),
    effect(() => {
      const { value } = state;
      if (value.name === "closed" && value.reason === "session_ended") tools.ended();
    }),
  ];
}

function start(client: Client, started: Signal<boolean>): Promise<void> {
  return new Promise((resolve) => {
    client.start().then(
      () => {
        started.value = true;
        resolve();
      },
      // What there is to say about it, the state says.
      () => {},
    );
  });
}
