/**
 * One run from a seed: people and servers under faults, then healing, then rest. The same seed gives the same run, event
 * by event; what it found comes back as plain data.
 */
import { emptyAccounts } from "@damso/contracts/fakes/accounts-data";
import { DEFAULT_SETTINGS } from "@damso/core/ports/account-records";
import { snowflake } from "@damso/core/ids/snowflake";
import type { UserId } from "@damso/protocol/ids";
import { heal, night, unleash } from "./faults/nemesis.ts";
import { START_MS } from "./kernel/host.ts";
import { createRandom } from "./kernel/random.ts";
import { createScheduler } from "./kernel/scheduler.ts";
import { createTally } from "./kernel/tally.ts";
import { createNetwork } from "./models/network.ts";
import { readEverything } from "./people/cold.ts";
import { logIn } from "./people/workload.ts";
import { drawPlan } from "./plan.ts";
import type { Plan, Wiring } from "./plan.ts";
import type { HistoryEvent } from "@damso/tools/history/history";
import { record } from "./history.ts";
import { judge } from "./judge.ts";
import type { Judge } from "./judge.ts";
import { backlogMs, unsettled } from "./rest.ts";
import { boot, tallyBounds } from "./server/server.ts";
import { wire } from "./wirings.ts";
import type { World } from "./world.ts";

export type RunOptions = {
  seed: number;
  wiring?: Wiring;
  plan?: Partial<Plan>;
  /** Keeps every frame in the trace; it changes the trace hash. */
  verbose?: boolean;
  /** Writes down the history of the conversations. */
  history?: boolean;
  /** Looks at the world when the run is over. */
  inspect?: (world: World) => void;
};

export type RunResult = {
  seed: number;
  wiring: Wiring;
  hash: string;
  /** What is wrong, each with the rule that it breaks. Empty: nothing. */
  faults: string[];
  /** The last facts before the first violation, or before the end; all of them where that was asked for. */
  trace: string[];
  counts: Record<string, number>;
  injected: Record<string, number>;
  paths: Record<string, number>;
  /** The conversations as lists, where that was asked for and no backup was put back. */
  history?: HistoryEvent[];
};

/** How long everything may take to come right after the last fault. */
const HEAL_MS = 45_000;
/** Pushes that were due, marks that are stored lazily, graces of presence. */
const AFTER_MS = 60_000;
const STEP_MS = 250;

/** Plays one seed to its end: never throws, a crash of ours is one of its faults. */
export function run(options: RunOptions): RunResult {
  const random = createRandom(`damso ${options.seed}`);
  const wiring = options.wiring ?? (random.chance(0.5) ? "single" : "sharded");
  const plan: Plan = { ...drawPlan(random.fork("plan"), wiring), ...options.plan };
  const scheduler = createScheduler(options.verbose);
  const tally = createTally();
  const accounts = emptyAccounts();
  /** What led to the first violation. */
  let before: string[] | undefined;
  const found = (violation: string): void => {
    scheduler.note(`VIOLATION ${violation}`);
    before ??= scheduler.trace();
  };
  const referee = judge({ now: () => scheduler.now(), plan, accounts, found });
  const recorder = options.history ? record(referee.witness, () => scheduler.now()) : undefined;
  const world: World = wire({
    seed: options.seed,
    plan,
    scheduler,
    random: random.fork("world"),
    tally,
    network: createNetwork(scheduler, random.fork("network"), tally),
    witness: recorder?.witness ?? referee.witness,
    accounts,
  });
  try {
    play(world, referee);
  } catch (error) {
    world.bugs.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  options.inspect?.(world);
  return {
    seed: options.seed,
    wiring,
    hash: scheduler.traceHash(),
    faults: [...referee.faults(), ...world.bugs],
    trace: options.verbose ? scheduler.trace() : (before ?? scheduler.trace()),
    counts: { ...referee.counts(), sends: world.sends, events: scheduler.events() },
    injected: tally.faults(),
    paths: tally.paths(),
    // What a restore has made undone no history of lists can tell.
    ...(recorder && !world.restored && { history: recorder.events(world.rows()) }),
  };
}

function play(world: World, referee: Judge): void {
  const { scheduler, plan } = world;
  for (const server of world.servers) boot(world, server);
  people(world);
  scheduler.run(2000);
  gather(world);
  scheduler.run(4000);
  unleash(world);
  scheduler.run(4000 + plan.duration_ms);
  night(world, plan.night_ms);
  heal(world);
  // From here on homes move, and what is shown has to follow.
  look(world);
  const heal_ms = HEAL_MS + backlogMs(world);
  const deadline = scheduler.now() + heal_ms;
  while (unsettled(world).length > 0 && scheduler.now() < deadline) {
    scheduler.run(Math.min(deadline, scheduler.now() + STEP_MS));
  }
  for (const what of unsettled(world))
    world.bugs.push(`[I21] ${what}, ${Math.round(heal_ms / 1000)} s after the last fault`);
  if (world.bugs.length > 0) return;
  for (const { life } of world.servers) if (life) tallyBounds(world, life);
  if (plan.cold_end) readEverything(world);
  look(world);
  scheduler.run(scheduler.now() + AFTER_MS);
  referee.rest(world);
}

/** Everybody looks at everybody, if he does not yet, so that what is shown of who is there can be judged. */
function look({ devices, accounts }: World): void {
  const users = [...accounts.users.keys()];
  for (const device of devices) {
    if (!device.client || device.ended) device.watched = [];
    else if (device.watching !== device.client) {
      device.watching = device.client;
      device.watched = users;
      device.client.watch(users);
    }
  }
}

/** Users with their first devices, a few of them with a push subscription. */
function people(world: World): void {
  const { plan, random, accounts } = world;
  for (let n = 1; n <= plan.users; n++) {
    const user_id = snowflake(START_MS - 1_000_000 + n, 0, 0) as UserId;
    accounts.users.set(user_id, {
      user_id,
      username: `user${n}`,
      name: `User ${n}`,
      avatar: null,
      about: "",
      locale: null,
      settings: structuredClone(DEFAULT_SETTINGS),
      created_at: START_MS,
      deleted_at: null,
    });
  }
  const ids = [...accounts.users.keys()];
  for (let n = 0; n < plan.devices; n++)
    logIn(world, n < ids.length ? (ids[n] as UserId) : random.pick(ids));
  for (const device of world.devices) if (random.chance(0.4)) subscribe(world, device);
}

function subscribe({ accounts }: World, { who }: World["devices"][number]): void {
  accounts.subscriptions.set(who.device_id as never, {
    device_id: who.device_id as never,
    user_id: who.user_id,
    target: { kind: "fcm", token: who.device_id },
    created_at: START_MS,
  });
}

/** The groups that everybody knows from the start. */
function gather(world: World): void {
  const { plan, random, devices } = world;
  const ids = [...world.accounts.users.keys()];
  for (let n = 0; n < plan.groups; n++) {
    const owner = random.pick(devices);
    const members = ids.filter((id) => id !== owner.who.user_id && random.chance(0.8));
    owner.client?.createGroup({ name: `first ${n}`, members }).catch(() => {});
  }
}
