/** Waits until all is at rest, then gathers the evidence: what devices hold, and what plain HTTP says. */
import type { ChannelId, Message, UserId } from "@damso/protocol";
import type { Evidence, Reading } from "./check/evidence.ts";
import { amount } from "./check/finding.ts";
import type { Handle } from "./house.ts";
import { records } from "./people/report.ts";
import { sendAgain } from "./reader/again.ts";
import { each } from "./reader/http.ts";
import type { Account } from "./reader/http.ts";
import { headOf, readAccount, readBodies, shared } from "./reader/read.ts";
import { actorAt, between, devicesOf } from "./scene/stage.ts";
import type { Actor, Stage } from "./scene/stage.ts";

const AT_ONCE = 8;
const ROUNDS_MAX = 20;

/** Every device at the head of its feed, and no feed growing any more. */
async function settle(
  stage: Stage,
  devicesFor: (actor: Actor) => readonly Handle[],
): Promise<void> {
  const { http, actors } = stage;
  const heads = (): Promise<number[]> => each(actors, AT_ONCE, (actor) => headOf(http, actor));
  let now = await heads();
  for (let rounds = 0; rounds < ROUNDS_MAX; rounds++) {
    const waits = actors.flatMap((actor, i) =>
      devicesFor(actor).map((device) => device.do("caughtUp", now[i] ?? 0)),
    );
    const missing = (await Promise.all(waits)).filter((what) => what !== undefined);
    stage.restless.push(...missing);
    if (missing.length > 0) return;
    const later = await heads();
    if (later.every((head, i) => head === now[i])) return;
    now = later;
  }
  stage.restless.push("the feeds do not stop growing");
}

export async function collect(stage: Stage): Promise<Evidence> {
  const { tell, actors, quiet, outsider, houses, http } = stage;
  const logged_out = new Set(stage.log_outs.map(({ device }) => device));
  const there = (actor: Actor): Handle[] =>
    devicesOf(actor).filter(({ name }) => !logged_out.has(name));
  tell("waiting until every device has everything");
  await settle(stage, there);
  tell("each person signs in on a new device, which starts with nothing");
  const fresh = await each(actors, houses.length, (actor) => actor.signInAnew());
  const counts = await each([...fresh, ...latecomers(stage)], AT_ONCE, (device) =>
    device.do("readAll"),
  );
  const loaded = counts.reduce((sum, count) => sum + count, 0);
  await settle(stage, (actor) => [
    ...there(actor),
    ...fresh.filter((d) => d.user_id === actor.user_id),
  ]);
  tell(
    `${amount(loaded)} messages loaded from histories; all devices stop and hand over their stores`,
  );
  const reports = await Promise.all(houses.map((house) => house.report()));
  const devices = reports.flatMap((report) => report.devices);
  const done = devices.flatMap(({ sends }) => sends);
  tell("some sends are made again by HTTP, with another text");
  const again = await sendAgain(http, actors, done, stage.random);
  tell("a reader without the SDK reads every account by plain HTTP");
  const same = shared();
  const readings = [
    ...(await each(actors, AT_ONCE, (actor) => readAccount(http, actor, same, true))),
    ...(await each([...quiet, outsider], AT_ONCE, (account) =>
      readAccount(http, account, same, false),
    )),
  ];
  const history = histories(stage, readings);
  return {
    names: namesOf([...actors, ...quiet, outsider]),
    sends: again.sends,
    edits: devices.flatMap(({ edits }) => edits),
    groups: stage.groups.map(({ acts }) => acts),
    history,
    bodies: await bodiesOf(stage, history),
    readings,
    devices: reports.flatMap(records),
    doors: [...stage.doors, ...again.doors],
    absences: stage.absences,
    restless: stage.restless,
    log_outs: stage.log_outs,
  };
}

/** Who may read back to before the join: their devices have been told of what came after it only. */
function latecomers(stage: Stage): Handle[] {
  return stage.groups.flatMap(({ plan: { joiner, history } }) =>
    joiner !== undefined && history === "all" ? devicesOf(actorAt(stage, joiner)) : [],
  );
}

function namesOf(accounts: readonly Account[]): Evidence["names"] {
  return new Map(accounts.map(({ user_id, name }) => [user_id as UserId, name]));
}

/** Who sees each channel from its first message on and has hidden none: founders, and the first of each pair. */
function witnesses(stage: Stage): [ChannelId, Actor][] {
  const { plan, groups } = stage;
  return [
    ...groups.map((group): [ChannelId, Actor] => [
      group.acts.channel,
      actorAt(stage, group.plan.founder),
    ]),
    ...plan.pairs.map(([i, j]): [ChannelId, Actor] => {
      const one = actorAt(stage, i);
      return [between(one, actorAt(stage, j)), one];
    }),
  ];
}

function histories(stage: Stage, readings: readonly Reading[]): Map<ChannelId, Message[]> {
  return new Map(
    witnesses(stage).map(([channel, { user_id }]) => {
      const reading = readings.find((other) => other.user_id === user_id);
      return [channel, [...(reading?.pages.get(channel) ?? [])]];
    }),
  );
}

async function bodiesOf(
  stage: Stage,
  history: ReadonlyMap<ChannelId, readonly Message[]>,
): Promise<Map<string, string>> {
  const bodies = await each(witnesses(stage), AT_ONCE, ([channel, { token }]) =>
    readBodies(stage.http, token, history.get(channel) ?? []),
  );
  return new Map(bodies.flatMap((found) => [...found]));
}
