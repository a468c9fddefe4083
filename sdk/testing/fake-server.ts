/**
 * A small chat server in memory that speaks `damso.v1`, for tests: honest about what it promises, unkind about what it
 * does not. Faults are chosen from the world's seed.
 */
import type {
  ChannelId,
  ClientFrame,
  DeviceId,
  FeedId,
  Pos,
  SessionId,
  UserId,
} from "@damso/protocol";
import type { HttpRequest, HttpResponse, Socket, SocketListeners } from "../environment.ts";
import { answer, page, refuse } from "./fake-commands.ts";
import type { Answer } from "./fake-commands.ts";
import { append, headPos, join, render, summary, userOf } from "./fake-tables.ts";
import type { FakeUser, Tables } from "./fake-tables.ts";
import { groupId } from "./records.ts";
import type { World } from "./world.ts";

/** Shares of 1. All zero: a good day. */
export type Faults = {
  /** Live events that never arrive. */
  drop: number;
  /** Live events that arrive twice. */
  duplicate: number;
  /** Replies that never arrive. */
  lose: number;
  /** Frames after which the socket breaks. */
  close: number;
  /** Sends refused with `busy`, done or not with `unavailable`. */
  refuse: number;
  /** A live event may be this late, and so be overtaken. */
  late_ms: number;
};

export const NO_FAULTS: Faults = {
  drop: 0,
  duplicate: 0,
  lose: 0,
  close: 0,
  refuse: 0,
  late_ms: 0,
};

/** One socket as the server sees it. */
type Line = { user: FakeUser | undefined; listeners: SocketListeners; open: boolean };

export type FakeServer = {
  tables: Tables;
  faults: Faults;
  /** Frames that clients sent, newest last. */
  heard: ClientFrame[];
  /** Nobody can connect while true. */
  down: boolean;
  /** Seconds that an access token lives. */
  expires_in: number;
  refusals: Map<ClientFrame["type"], Answer>;
  /** Every token that is good, and whose it is. */
  tokens: Map<string, UserId>;
  openSocket: (url: string, protocol: string, listeners: SocketListeners) => Socket;
  fetch: (request: HttpRequest) => Promise<HttpResponse>;
  group: (n: number, members: readonly UserId[]) => ChannelId;
  say: (user: UserId, channel: ChannelId, body: string) => void;
  /** Breaks every socket of a user. */
  kick: (user: UserId, code: number) => void;
  /** Sends a frame to every socket of a user. */
  push: (user: UserId, frame: object) => void;
  /** Forgets the feed up to here: an older cursor is answered with a reset. */
  trim: (user: UserId, tail: Pos) => void;
  /** As after a restored backup: the same account, another feed. */
  restore: (user: UserId) => void;
};

const LATENCY_MS = 5;

type Self = FakeServer & { world: World; lines: Set<Line> };

export function fakeServer(world: World): FakeServer {
  const self: Self = {
    world,
    lines: new Set(),
    tokens: new Map(),
    tables: {
      now: world.now,
      users: new Map(),
      channels: new Map(),
      told: (user, pos) => live(self, user, pos),
      ids: 0,
    },
    faults: { ...NO_FAULTS },
    heard: [],
    down: false,
    expires_in: 900,
    refusals: new Map(),
    openSocket: (_url, _protocol, listeners) => connect(self, listeners),
    fetch: (request) => call(self, request),
    group: (n, members) => {
      const channel = { id: groupId(n), members: [], messages: [], sends: new Map() };
      join(self.tables, channel, members);
      return channel.id;
    },
    say: (user, id, body) => say(self, user, id, body),
    kick: (user, code) => {
      for (const line of linesOf(self, user)) breakLine(self, line, code);
    },
    push: (user, frame) => {
      for (const line of linesOf(self, user)) write(self, line, frame, LATENCY_MS);
    },
    trim: (user, tail) => {
      const { feed } = userOf(self.tables, user);
      feed.entries.splice(0, tail - feed.tail);
      feed.tail = tail;
    },
    restore: (user) => {
      const { feed } = userOf(self.tables, user);
      Object.assign(feed, { id: `${feed.id}+` as FeedId, entries: [], tail: 3 });
    },
  };
  return self;
}

function say(self: Self, user: UserId, id: ChannelId, body: string): void {
  const channel = self.tables.channels.get(id);
  if (channel === undefined) throw new Error(`no channel ${id}`);
  const client_id = `said-${++self.tables.ids}` as never;
  append(self.tables, channel, user, { client_id, body });
}

function connect(self: Self, listeners: SocketListeners): Socket {
  const line: Line = { user: undefined, listeners, open: !self.down };
  const { setTimer } = self.world;
  if (self.down) {
    setTimer(LATENCY_MS, () => listeners.closed(1006));
    return { send: () => {}, close: () => {} };
  }
  self.lines.add(line);
  setTimer(LATENCY_MS, () => line.open && listeners.opened());
  return {
    send: (text) => {
      setTimer(LATENCY_MS, () => line.open && hear(self, line, JSON.parse(text) as ClientFrame));
    },
    close: () => {
      line.open = false;
      self.lines.delete(line);
    },
  };
}

function hear(self: Self, line: Line, frame: ClientFrame): void {
  self.heard.push(frame);
  if (frame.type === "hello") return hello(self, line, frame);
  if (line.user === undefined) return breakLine(self, line, 4002);
  const { faults, tables } = self;
  const fixed = self.refusals.get(frame.type);
  if (fixed !== undefined) return reply(self, line, frame, fixed);
  if (frame.type === "send" && hits(self, faults.refuse)) {
    // `busy` means not done; `unavailable` leaves open whether it was.
    if (hits(self, 0.5)) return reply(self, line, frame, refuse("busy"));
    if (hits(self, 0.5)) answer(tables, line.user, frame);
    return reply(self, line, frame, refuse("unavailable"));
  }
  const answered = answer(tables, line.user, frame);
  if (hits(self, faults.close)) return breakLine(self, line, 1006);
  if (answered !== undefined && !hits(self, faults.lose)) reply(self, line, frame, answered);
  // A server sees in time that a socket is behind.
  if (frame.type === "ping")
    write(self, line, { type: "head", pos: headPos(line.user) }, LATENCY_MS);
}

function hello(self: Self, line: Line, frame: ClientFrame & { type: "hello" }): void {
  const user_id = self.tokens.get(frame.token ?? "");
  if (user_id === undefined) {
    reply(self, line, frame, refuse("unauthenticated"));
    return breakLine(self, line, 4002);
  }
  const user = userOf(self.tables, user_id);
  line.user = user;
  reply(self, line, frame, {
    type: "welcome",
    user_id,
    device_id: "device" as DeviceId,
    session_id: "session" as SessionId,
    ...page(self.tables, user, frame.feed),
    heartbeat_ms: 30_000,
    limits: {},
  });
}

function reply(self: Self, line: Line, { id }: { id?: number }, answered: Answer): void {
  write(self, line, id === undefined ? answered : { ...answered, id }, LATENCY_MS);
}

/** A pushed event; the faults of the day apply. */
function live(self: Self, user: FakeUser, pos: Pos): void {
  const { faults, world } = self;
  for (const line of linesOf(self, user.id)) {
    const [event] = render(self.tables, user, pos - 1, 1);
    if (event === undefined || hits(self, faults.drop)) continue;
    const copies = hits(self, faults.duplicate) ? 2 : 1;
    for (let n = 0; n < copies; n++) {
      write(self, line, event, LATENCY_MS + world.random() * faults.late_ms);
    }
  }
}

function write(self: Self, line: Line, frame: object, ms: number): void {
  const text = JSON.stringify(frame);
  self.world.setTimer(ms, () => line.open && line.listeners.message(text));
}

function breakLine(self: Self, line: Line, code: number): void {
  if (!self.lines.delete(line)) return;
  self.world.setTimer(LATENCY_MS * 2, () => {
    if (line.open) line.listeners.closed(code);
    line.open = false;
  });
}

function linesOf(self: Self, user: UserId): Line[] {
  return [...self.lines].filter((line) => line.user?.id === user);
}

function hits(self: Self, share: number): boolean {
  return share > 0 && self.world.random() < share;
}

async function call(
  self: Self,
  { url, method, body, headers }: HttpRequest,
): Promise<HttpResponse> {
  await new Promise<void>((resolve) => void self.world.setTimer(LATENCY_MS, resolve));
  if (self.down) throw new Error("nobody there");
  const path = url.replace(/^https?:\/\/[^/]+/, "");
  const sent = body === undefined ? {} : (JSON.parse(body) as Record<string, string>);
  if (path === "/v1/servers") return { status: 200, body: { servers: [] } };
  if (path === "/v1/login") return grant(self, sent["username"] as UserId);
  if (path === "/v1/logout") return { status: 204, body: undefined };
  if (path === "/v1/refresh") {
    const user = self.tokens.get(sent["refresh_token"] ?? "");
    self.tokens.delete(sent["refresh_token"] ?? "");
    return user === undefined ? problem(401, "unauthenticated") : grant(self, user);
  }
  const user_id = self.tokens.get((headers["authorization"] ?? "").replace("Bearer ", ""));
  if (user_id === undefined) return problem(401, "unauthenticated");
  if (path === "/v1/channels" && method === "POST") {
    const members = JSON.parse(body ?? "{}") as { members: UserId[] };
    const id = self.group(self.tables.channels.size + 1, [user_id, ...members.members]);
    const channel = self.tables.channels.get(id);
    return { status: 201, body: channel && summary(userOf(self.tables, user_id), channel) };
  }
  return single(self, user_id, path);
}

function single(self: Self, _user: UserId, path: string): HttpResponse {
  const [, id, seq] = /^\/v1\/channels\/(.+)\/messages\/(\d+)$/.exec(path) ?? [];
  const message = self.tables.channels.get(id as ChannelId)?.messages[Number(seq) - 1];
  return message === undefined ? problem(404, "not_found") : { status: 200, body: message };
}

/** Here the username is the user's id. */
function grant(self: Self, user_id: UserId): HttpResponse {
  const n = ++self.tables.ids;
  const [access_token, refresh_token] = [`access-${n}`, `refresh-${n}`];
  self.tokens.set(access_token, user_id).set(refresh_token, user_id);
  self.world.setTimer(self.expires_in * 1000, () => self.tokens.delete(access_token));
  const body = { user_id, device_id: `device-${n}`, access_token, refresh_token };
  return { status: 200, body: { ...body, expires_in: self.expires_in } };
}

function problem(status: number, code: string): HttpResponse {
  return { status, body: { type: code, title: code, status, code, detail: code } };
}

/** What the fake has accepted from a user in a channel, in the order of the channel. */
export function accepted(server: FakeServer, user: UserId, channel: ChannelId): string[] {
  const messages = server.tables.channels.get(channel)?.messages ?? [];
  return messages.filter((m) => m.sender_id === user).map((m) => m.body ?? "");
}
