/** Everybody talks at once. */
import type { ChannelId, UserId } from "@damso/protocol";
import type { Handle } from "../house.ts";
import type { Talk, Talked } from "../people/talk.ts";
import type { GroupPlan } from "./plan.ts";
import { actorAt, between, devicesOf } from "./stage.ts";
import type { Actor, Stage } from "./stage.ts";

export type Part = 0 | 1;

/** The talks of one part of the play, each of one device in one channel, none of a silent one. Resolves when all have ended. */
export async function chat(
  stage: Stage,
  part: Part,
  silent: readonly Handle[] = [],
): Promise<Talked> {
  const talks = [...pairTalks(stage, part, silent), ...groupTalks(stage, part, silent)];
  const talked = await Promise.all(talks);
  const sum = (count: (one: Talked) => number): number =>
    talked.reduce((total, one) => total + count(one), 0);
  return { sent: sum(({ sent }) => sent), overtaken: sum(({ overtaken }) => overtaken) };
}

function pairTalks(stage: Stage, part: Part, silent: readonly Handle[]): Promise<Talked>[] {
  const count = stage.plan.words[part];
  return stage.plan.pairs.flatMap(([i, j]) => {
    const [one, other] = [actorAt(stage, i), actorAt(stage, j)];
    const channel = between(one, other);
    // The first of a pair hides nothing: its history is the one that is read as the channel's.
    return [
      talk(stage, one, silent, { channel, count, others: [other.user_id], hides: false }),
      talk(stage, other, silent, { channel, count, others: [one.user_id], hides: true }),
    ];
  });
}

function groupTalks(stage: Stage, part: Part, silent: readonly Handle[]): Promise<Talked>[] {
  return stage.groups.flatMap(({ plan, acts }) => {
    const count = plan.words[part];
    const others = mentionable(stage, plan);
    return plan.members.map((position) => {
      const hides = position !== plan.founder;
      const { channel } = acts;
      return talk(stage, actorAt(stage, position), silent, { channel, count, others, hides });
    });
  });
}

/** Those who stay: a mention of somebody who has just left would be refused. */
function mentionable(stage: Stage, { members, leaver }: GroupPlan): UserId[] {
  return members
    .filter((position) => position !== leaver)
    .map((position) => actorAt(stage, position).user_id);
}

/** On any of the person's devices that is there. */
function talk(stage: Stage, actor: Actor, silent: readonly Handle[], plan: Talk): Promise<Talked> {
  const there = devicesOf(actor).filter((device) => !silent.includes(device));
  return stage.random.pick(there).do("talk", plan);
}

/** More of it, until the device that is away has missed enough. */
export async function chatOn(
  stage: Stage,
  talker: Handle,
  channel: ChannelId,
  count: number,
): Promise<void> {
  stage.tell(`${talker.name} has ${count} more to say`);
  await talker.do("talk", { channel, count, others: [], hides: false });
}
