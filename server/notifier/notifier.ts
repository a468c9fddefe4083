/**
 * From a due push to the devices: who is to get it, what it says, and what becomes of it. Stateless but for bounds: the
 * row in the store is what survives, and is done only when every device has it or never will. It runs beside the shards
 * of its node, so the work is shared as they are (docs/adr/0013). Rules N5 to N12, invariant I14.
 */
import { targetAddress } from "@damso/core/ports/account-records";
import type { Subscription } from "@damso/core/ports/account-records";
import type { Accounts } from "@damso/core/ports/accounts";
import type { Bus } from "@damso/core/ports/bus";
import type { Clock, Random } from "@damso/core/ports/clock";
import type {
  Notice,
  PushSenders,
  PushSink,
  SendOutcome,
  Unfinished,
} from "@damso/core/ports/push";
import type { PushRequest } from "@damso/core/push/rules";
import type { DeviceId, UserId } from "@damso/protocol/ids";
import { createBucket } from "../auth/limits.ts";
import type { Bucket } from "../auth/limits.ts";
import type { Timers } from "../gateway/timers.ts";
import type { Log } from "../log.ts";
import { countOutcome } from "./counters.ts";
import type { PushCounters } from "./counters.ts";
import { createGate } from "./gate.ts";
import type { Gate } from "./gate.ts";
import { createHolds } from "./holds.ts";
import type { Holds } from "./holds.ts";
import { createLanes } from "./lanes.ts";
import type { Lanes } from "./lanes.ts";
import { createNames } from "./names.ts";
import type { NamesOf } from "./names.ts";
import { noticeOf, testNotice } from "./notice.ts";

/** How long a push is tried, and how long its service keeps it. */
const PUSH_TTL_MS = 86_400_000;
const AGAIN_MIN_MS = 5000;
const AGAIN_MAX_MS = 600_000;
const AGAIN_FLOOR_MS = 250;
/** How much one device may be sent; beyond it pushes are due later. Rule N12. */
const BUDGET = { burst: 30, per_second: 1 };
/**
 * How often a day a browser is pushed what shows nothing. Those that promise to show something (`userVisibleOnly`) let that
 * pass a few times; then Chrome shows a notification of its own, and Firefox drops the subscription. Rule N9.
 */
export const SILENT_BURST = 6;
const SILENT = { burst: SILENT_BURST, per_second: SILENT_BURST / 86_400 };
/** How often a reason is logged: what is wrong with a key is so for everybody. The counters have them all. */
const WARNINGS = { burst: 1, per_second: 1 / 60, keys_max: 100 };
/** A subscription is looked at anew when it was read longer ago than this. */
const KNOWN_MS = 500;
/** What only takes a notification back, or the badge down, is not worth a day of tries. */
const READ_TRIES_MAX = 5;
const READ_TTL_MS = 3_600_000;

export type NotifierDeps = {
  accounts: {
    subscriptions: Pick<Accounts["subscriptions"], "listByUser" | "remove">;
    users: Pick<Accounts["users"], "byIds">;
  };
  bus: Pick<Bus, "request">;
  senders: PushSenders;
  clock: Clock;
  timers: Pick<Timers, "after">;
  random: Random;
  log: Log;
  counters: PushCounters;
  /** From the commit of a message until its push is handed to a service. */
  delayed(ms: number): void;
};

/** `none`: the device has no subscription. */
export type TestOutcome = SendOutcome | { outcome: "none" };

export type Notifier = PushSink & {
  /** A notice to one device, at once. */
  test(user_id: UserId, device_id: DeviceId): Promise<TestOutcome>;
  /** A notice to each device of somebody; answers how many were taken over. */
  testAll(user_id: UserId): Promise<{ devices: number }>;
  /** For gauges. */
  sizes(): Record<string, number>;
};

type Self = NotifierDeps & {
  gate: Gate;
  lanes: Lanes;
  budget: Pick<Bucket, "take">;
  silent: Pick<Bucket, "take">;
  warnings: Pick<Bucket, "take">;
  holds: Holds;
  names: NamesOf;
};

export function createNotifier(deps: NotifierDeps): Notifier {
  const self: Self = {
    ...deps,
    gate: createGate(() => deps.clock.now()),
    lanes: createLanes(deps.timers),
    budget: createBucket(deps.clock, BUDGET),
    silent: createBucket(deps.clock, SILENT),
    warnings: createBucket(deps.clock, WARNINGS),
    holds: createHolds(() => deps.clock.now()),
    names: createNames(deps),
  };
  return {
    withdraws: true,
    push: (request) => push(self, request),
    test: async (user_id, device_id) =>
      (await test(self, user_id, device_id))[0] ?? { outcome: "none" },
    testAll: async (user_id) => {
      const outcomes = await test(self, user_id);
      return { devices: outcomes.filter(({ outcome }) => outcome === "sent").length };
    },
    sizes: () => ({ ...self.gate.sizes(), push_lanes: self.lanes.size() }),
  };
}

async function push(self: Self, request: PushRequest): Promise<Unfinished | undefined> {
  const at = self.clock.now();
  const subscriptions = await self.accounts.subscriptions.listByUser(request.user_id);
  const due = subscriptions.filter((one) => isFor(request, one));
  if (due.length === 0) return undefined;
  if (isExpired(request, self.clock.now())) {
    self.counters.outcomes.expired += due.length;
    return undefined;
  }
  const names = await self.names(request);
  const outcomes = await Promise.all(
    due.map((subscription) => {
      const notice = noticeOf(request, names, subscription, self.clock.now());
      const lane = `${subscription.device_id}/${notice.channel}`;
      return self.lanes.run(lane, notice, async (newest) => {
        if (request.kind === "message" && request.tries === 0)
          self.delayed(self.clock.now() - Date.parse(request.message.created_at));
        return deliver(self, { ...subscription, at }, newest);
      });
    }),
  );
  return unfinished(self, request, due, outcomes);
}

/** A browser has to show something for every push, and Android counts by itself: a number alone is for iPhones. Rule N17. */
const isFor = ({ kind, seen_by }: PushRequest, { device_id, target }: Subscription): boolean =>
  !seen_by.includes(device_id) && (kind !== "badge" || target.kind === "apns");

function isExpired(request: PushRequest, now: number): boolean {
  if (request.kind !== "message") return request.tries >= READ_TRIES_MAX;
  return request.tries > 0 && now - Date.parse(request.message.created_at) > PUSH_TTL_MS;
}

/** As it was read from the accounts, and when. */
type Known = Subscription & { at: number };

async function deliver(self: Self, subscription: Known, notice: Notice): Promise<SendOutcome> {
  const outcome = await attempt(self, subscription, notice);
  const why = countOutcome(self.counters, outcome);
  if (outcome.outcome === "gone") await forget(self, subscription, why);
  const { kind } = subscription.target;
  const told = outcome.outcome === "refused" && notice.kind === "message";
  if (told && self.warnings.take(`${kind} ${why}`) === 0)
    self.log.warn("a push was refused", { kind, why });
  return outcome;
}

async function attempt(self: Self, subscription: Known, notice: Notice): Promise<SendOutcome> {
  const { senders, gate, budget, holds } = self;
  const { target, device_id } = subscription;
  const sender = senders[target.kind];
  if (!sender) return { outcome: "refused", why: "unconfigured" };
  const address = targetAddress(target);
  const held_ms = holds.left(address);
  if (held_ms > 0) return { outcome: "later", why: "asked", after_ms: held_ms };
  const wait_ms = budget.take(device_id);
  if (wait_ms > 0) return { outcome: "later", why: "budget", after_ms: wait_ms };
  if (isTooSilent(self, subscription, notice)) return { outcome: "refused", why: "silent" };
  const ttl_s = Math.floor((notice.kind === "read" ? READ_TTL_MS : PUSH_TTL_MS) / 1000);
  const delivery = { target, notice, collapse: notice.channel, ttl_s };
  return gate.pass(sender.serviceOf(target), device_id, async () => {
    if (await isOver(self, subscription)) return { outcome: "gone", why: "ended" };
    const outcome = await sender.send(delivery);
    if (outcome.outcome === "later") holds.hold(address, outcome.after_ms ?? 0);
    return outcome;
  });
}

const isTooSilent = ({ silent }: Self, { target, device_id }: Known, { kind }: Notice): boolean =>
  kind === "read" && target.kind === "webpush" && silent.take(device_id) > 0;

/** Whoever logged out while a push waited in line gets nothing more: invariant I17. */
async function isOver(
  { accounts, clock }: Self,
  { user_id, device_id, target, at }: Known,
): Promise<boolean> {
  if (Math.abs(clock.now() - at) < KNOWN_MS) return false;
  const present = await accounts.subscriptions.listByUser(user_id);
  const address = targetAddress(target);
  return !present.some(
    (one) => one.device_id === device_id && targetAddress(one.target) === address,
  );
}

/** Unless it was renewed meanwhile: then the new one stays. */
async function forget(
  self: Self,
  { user_id, device_id, target }: Subscription,
  why: string,
): Promise<void> {
  const if_address = targetAddress(target);
  const now = self.clock.now();
  self.log.info("a push subscription is over", { kind: target.kind, why });
  // One that could not be removed is found out again by the next push.
  await self.accounts.subscriptions
    .remove({ user_id, device_id, if_address, now })
    .catch((error: unknown) => self.log.warn("a push subscription was not removed", { error }));
}

function unfinished(
  { random }: Self,
  { tries }: PushRequest,
  due: readonly Subscription[],
  outcomes: readonly SendOutcome[],
): Unfinished | undefined {
  const late = outcomes.filter((outcome) => outcome.outcome === "later");
  if (late.length === 0) return undefined;
  const doubled = (ms: number): number => Math.min(ms * 2 ** Math.min(tries, 20), AGAIN_MAX_MS);
  const usual = doubled(AGAIN_MIN_MS);
  // What is said to be back soon for hours costs the store two rows each time, and there may be many.
  const floor = doubled(AGAIN_FLOOR_MS);
  const soonest = Math.min(...late.map(({ after_ms = usual }) => Math.max(after_ms, floor)));
  return {
    // What failed together is not tried again together.
    again_ms: soonest * (1 + random.next() / 4),
    done: due
      .filter((_, index) => outcomes[index]?.outcome !== "later")
      .map(({ device_id }) => device_id),
  };
}

/** To one device or all; what came of each. */
async function test(self: Self, user_id: UserId, device_id?: DeviceId): Promise<SendOutcome[]> {
  const at = self.clock.now();
  const subscriptions = await self.accounts.subscriptions.listByUser(user_id);
  return Promise.all(
    subscriptions
      .filter((one) => device_id === undefined || one.device_id === device_id)
      .map((subscription) => deliver(self, { ...subscription, at }, testNotice(subscription))),
  );
}
