/** Three ways to keep a replica up to date: a socket, a request that waits, and a request every now and then. */
import type { ChannelId } from "@damso/protocol/ids";
import type { FeedEvent } from "@damso/protocol/frames/events";
import { succeed } from "./http.testing.ts";
import type { Session } from "./people.testing.ts";
import {
  applyChannel,
  applyEvent,
  applyPage,
  createReplica,
  putMessage,
} from "./replica.testing.ts";
import type { Page, Replica } from "./replica.testing.ts";
import { Closed, connect } from "./socket.testing.ts";
import type { RigSocket } from "./socket.testing.ts";
import { readChannels, readPages } from "./truth.testing.ts";

export type Follower = {
  replica: Replica;
  session: Session;
  origin: string;
  stopped: boolean;
  /** Fetches that are under way can be cut off. */
  abort: AbortController;
  socket: RigSocket | undefined;
};

export function createFollower(origin: string, session: Session, name: string): Follower {
  const replica = createReplica(name, session.user_id);
  const abort = new AbortController();
  return { replica, session, origin, stopped: false, abort, socket: undefined };
}

/** Channel list and histories anew: what a device does that was told `reset`, or never had anything. Rule D15. */
export async function reload({ replica, session, origin }: Follower): Promise<void> {
  for (const channel of await readChannels(origin, session)) {
    applyChannel(replica, channel);
    const copy = replica.channels.get(channel.id);
    const history = await readPages(origin, session, channel.id).catch(unlessLeft);
    for (const message of history) if (copy) putMessage(copy, message);
  }
}

/** Left between list and history: its `channel_left` is on its way. */
function unlessLeft(error: unknown): never[] {
  if (String(error).includes("not_member")) return [];
  throw error;
}

async function take(follower: Follower, page: Page): Promise<void> {
  if (applyPage(follower.replica, page)) await reload(follower);
}

export function cursorOf({ replica }: Follower): { id: string; pos: number } | undefined {
  const { feed_id, pos } = replica;
  return feed_id === undefined ? undefined : { id: feed_id, pos };
}

/**
 * A socket, from the cursor on: live events, and `sync` for what is missing; events that come while it reloads wait.
 * Without a cursor it begins with the channel list. Resolves when the socket has closed.
 */
export async function followSocket(follower: Follower): Promise<void> {
  const { replica, session, origin } = follower;
  const cursor = cursorOf(follower);
  const { socket, welcome } = await connect(origin, session.access_token, cursor);
  follower.socket = socket;
  if (!cursor) await begin(follower, welcome as unknown as Page);
  else await take(follower, welcome as unknown as Page);
  let syncing: Promise<void> | undefined;
  const follow = (): void => {
    if (replica.pos >= replica.known || syncing) return;
    syncing = sync(follower, socket)
      .catch(unlessClosed)
      .finally(() => {
        syncing = undefined;
        follow();
      });
  };
  socket.listen((frame) => {
    const { pos } = frame as { pos?: number };
    if (pos === undefined) return;
    replica.known = Math.max(replica.known, pos);
    if (frame.type !== "head" && !syncing) {
      applyEvent(replica, frame as unknown as FeedEvent, true);
    }
    follow();
  });
  follow();
  await socket.closed;
}

async function begin(follower: Follower, page: Page): Promise<void> {
  const { replica } = follower;
  replica.feed_id = page.feed.id;
  replica.pos = replica.known = page.feed.head;
  await reload(follower);
}

function unlessClosed(error: unknown): void {
  if (!(error instanceof Closed)) throw error;
}

async function sync(follower: Follower, socket: RigSocket): Promise<void> {
  const reply = await socket.request({ type: "sync", feed: cursorOf(follower) });
  if (reply.type !== "events") throw new Error(`sync: ${JSON.stringify(reply)}`);
  await take(follower, reply as unknown as Page);
}

/** One request after the other; `wait_s` 0 is polling, more is long polling. */
export async function followHttp(
  follower: Follower,
  wait_s: number,
  limit: number,
  pause_ms: number,
): Promise<void> {
  const { replica, session, origin } = follower;
  const token = session.access_token;
  if (!cursorOf(follower)) {
    await begin(follower, await succeed<Page>(origin, "GET", "/v1/feed", { token }));
  }
  while (!follower.stopped) {
    const { signal } = follower.abort;
    const feed = encodeURIComponent(replica.feed_id ?? "");
    const path = `/v1/feed?feed=${feed}&after=${replica.pos}&limit=${limit}&wait=${wait_s}`;
    try {
      await take(follower, await succeed<Page>(origin, "GET", path, { token, signal }));
    } catch (error) {
      if (!signal.aborted) throw error;
      follower.abort = new AbortController();
    }
    await Bun.sleep(pause_ms);
  }
}

/** Pages what a device lacks of a channel that shows its newcomers what was before them. Rule D6. */
export async function fill(follower: Follower, channel: ChannelId): Promise<void> {
  const { replica, session, origin } = follower;
  const copy = replica.channels.get(channel);
  if (!copy) return;
  for (const message of await readPages(origin, session, channel)) putMessage(copy, message);
}

export async function stop(follower: Follower): Promise<void> {
  follower.stopped = true;
  follower.abort.abort();
  if (follower.socket?.isOpen()) await follower.socket.close();
}
