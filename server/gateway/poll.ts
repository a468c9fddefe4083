/**
 * Long polling: a request that attaches like a socket, waits for one event and reads the page. Rules P23, D20, I12.
 */
import { done, refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import type { Attachee, EventsPage } from "@damso/core/shard/commands";
import type { FeedId, Pos } from "@damso/protocol/ids";
import { request } from "./ask.ts";
import { POLLS_MAX, POLLS_PER_USER_MAX } from "./bounds.ts";
import { isSilent } from "./silent.ts";
import type { AttachedUser, Hub, Identity, Poll } from "./types.ts";
import { depart, detach, enter } from "./users.ts";

export type PollQuery = {
  /** This device has stored everything up to here; absent: the answer is the present head, at once. */
  after?: Pos;
  /** Absent: `after` counts in the present feed. */
  feed?: FeedId;
  limit?: number;
  /** 0 answers at once; otherwise how long to wait for the first event. */
  wait_ms: number;
  /** False: nobody looks at this device, so others are sent notifications of what it has. Absent: somebody does. */
  active?: boolean;
};

const BUSY_RETRY_MS = 2000;

/** The missed events as `sync` gives them; an empty page when none came in time, or the signal aborted. */
export async function poll(
  hub: Hub,
  who: Identity,
  query: PollQuery,
  signal?: AbortSignal,
): Promise<Result<EventsPage>> {
  const present = hub.users.get(who.user_id)?.polls.length ?? 0;
  if (hub.polls >= POLLS_MAX || present >= POLLS_PER_USER_MAX) {
    hub.counters.bounds.polls++;
    return refuse("busy", undefined, BUSY_RETRY_MS);
  }
  const attachee: Attachee = { ...who, gateway: hub.gateway_id };
  const waiter = createWaiter(attachee, query.active ?? true, hub.monotonic());
  const user = enter(hub, who.user_id);
  user.polls = [...user.polls, waiter.poll];
  hub.counters.polls = ++hub.polls;
  try {
    return await answer(hub, waiter, query, signal);
  } finally {
    leave(hub, user, waiter);
  }
}

async function answer(
  hub: Hub,
  waiter: Waiter,
  query: PollQuery,
  signal: AbortSignal | undefined,
): Promise<Result<EventsPage>> {
  const { attachee, active } = waiter.poll;
  const { user_id } = attachee;
  const present = await request<"attach">(hub, { kind: "attach", ...attachee, active });
  if (!present.ok) return present;
  // As at a hello: a revoke before the attaching found nothing to end, one after this look-up finds the poll.
  const alive = await isAlive(hub, attachee);
  if (!alive.ok) return alive;
  if (query.after === undefined) return present;
  const feed = { id: query.feed ?? present.value.feed.id, pos: query.after };
  const sync = (): Promise<Result<EventsPage>> =>
    request<"sync">(hub, { kind: "sync", user_id, feed, ...limitOf(query) });
  const page = await sync();
  if (!page.ok || page.value.reset) return page;
  void request<"ack">(hub, { kind: "ack", ...attachee, pos: feed.pos, active });
  if (page.value.events.length > 0 || query.wait_ms === 0 || hub.draining) return page;
  const why = await waiter.wait(hub, query.wait_ms, signal);
  if (why === "revoked") return refuse("unauthenticated");
  return why === "event" && !isSilent(hub, waiter.poll, hub.monotonic()) ? sync() : page;
}

async function isAlive(hub: Hub, who: Identity): Promise<Result<true>> {
  try {
    return (await hub.isAlive(who)) ? done(true) : refuse("unauthenticated");
  } catch (error) {
    hub.log.error("a session could not be looked up", { error });
    return refuse("unavailable");
  }
}

function limitOf({ limit }: PollQuery): { limit?: number } {
  return limit === undefined ? {} : { limit };
}

function leave(hub: Hub, user: AttachedUser, waiter: Waiter): void {
  user.polls = user.polls.filter((other) => other !== waiter.poll);
  hub.counters.polls = --hub.polls;
  depart(hub, user);
  detach(hub, waiter.poll.attachee, waiter.gone());
}

type Woken = "event" | "timeout" | "revoked" | "draining" | "silent";
type Waiter = {
  poll: Poll;
  /** What ended the wait; an event that came before the wait began ends it at once. */
  wait(hub: Hub, ms: number, signal: AbortSignal | undefined): Promise<Woken>;
  gone(): boolean;
};

function createWaiter(attachee: Attachee, active: boolean, answered_at: number): Waiter {
  let woken: Woken | undefined;
  let tell: (() => void) | undefined;
  const stop = (why: Woken): void => {
    // An event or a timeout gives way to an end, because a revoked session gets nothing any more.
    if (woken === undefined || (why !== "event" && why !== "timeout")) woken = why;
    tell?.();
  };
  const wake = (): void => stop("event");
  return {
    poll: { attachee, active, answered_at, wake, end: stop },
    async wait(hub, ms, signal) {
      const timeout = (): void => stop("timeout");
      const cancel = hub.timers.after(ms, timeout);
      signal?.addEventListener("abort", timeout, { once: true });
      if (woken === undefined && !signal?.aborted) {
        await new Promise<void>((resolve) => {
          tell = resolve;
        });
      }
      cancel();
      signal?.removeEventListener("abort", timeout);
      return woken ?? "timeout";
    },
    gone: () => woken === "revoked",
  };
}
