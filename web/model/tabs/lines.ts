/** The line of one tab into the shared socket, and what the tabs want of the server taken together. */
import type { ChannelId, ClientFrame, UserId } from "@damso/protocol";
import type { SocketListeners } from "@damso/sdk/environment";

/** The server watches no more for one socket. */
const WATCH_MAX = 200;

export type Hello = Extract<ClientFrame, { type: "hello" }>;

export type Line = SocketListeners & {
  /** Its tab keeps what it gets on disk: only what it acknowledges is stored. */
  stores: boolean;
  /** Its hello, until its welcome. */
  hello: Hello | undefined;
  welcomed: boolean;
  /** What the server says between its hello and its welcome. */
  early: string[];
  active: boolean;
  looking: Set<ChannelId>;
  watched: readonly UserId[];
};

export function newLine(listeners: SocketListeners, stores: boolean): Line {
  return {
    ...listeners,
    stores,
    hello: undefined,
    welcomed: false,
    early: [],
    active: false,
    looking: new Set(),
    watched: [],
  };
}

/** Somebody looks at one of them. */
export function anyActive(lines: Iterable<Line>): boolean {
  return [...lines].some(({ active }) => active);
}

/** One of them looks at the channel. */
export function isLookedAt(lines: Iterable<Line>, channel: ChannelId): boolean {
  return [...lines].some(({ looking }) => looking.has(channel));
}

/** Those who are watched by any, what `first` watches before all others. */
export function allWatched(lines: Iterable<Line>, first: Line): UserId[] {
  const all = [first, ...lines].flatMap(({ watched }) => watched);
  return [...new Set(all)].slice(0, WATCH_MAX);
}
