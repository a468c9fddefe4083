/** The first words of the direct chats, and the groups. */
import type { UserId } from "@damso/protocol";
import { LIMITS } from "@damso/protocol/limits";
import type { GroupPlan } from "./plan.ts";
import { actorAt, between, knock } from "./stage.ts";
import type { Group, Stage } from "./stage.ts";

/** Both begin at the same time, from two processes: the chat comes to be once. */
export async function beginChats(stage: Stage): Promise<void> {
  await Promise.all(
    stage.plan.pairs.map(async ([i, j]) => {
      const [one, other] = [actorAt(stage, i), actorAt(stage, j)];
      const channel = between(one, other);
      await Promise.all([
        one.phone.do("say", channel, `안녕, ${other.name}!`),
        other.laptop.do("say", channel, `Hello ${one.name}!`),
      ]);
    }),
  );
}

export async function beginGroups(stage: Stage): Promise<void> {
  for (const plan of stage.plan.groups) stage.groups.push(await beginGroup(stage, plan));
}

async function beginGroup(stage: Stage, plan: GroupPlan): Promise<Group> {
  const founder = actorAt(stage, plan.founder);
  const people = plan.members.map((position) => actorAt(stage, position).user_id);
  const quiet = plan.full ? stage.quiet.map(({ user_id }) => user_id as UserId) : [];
  const created = [...people, ...quiet];
  const others = created.filter((user_id) => user_id !== founder.user_id);
  const channel = await founder.phone.do("createGroup", plan.name, others);
  if (plan.history === "all")
    await founder.phone.do("updateGroup", channel, { settings: { history: "all" } });
  const changes: Group["changes"] = [];
  const acts = { channel, history: plan.history, created, changes };
  if (plan.full) await overfill(stage, { plan, acts, changes });
  return { plan, acts, changes };
}

async function overfill(stage: Stage, { plan, acts }: Group): Promise<void> {
  const { outsider } = stage;
  if (acts.created.length !== LIMITS.group_members_max)
    throw new Error(`${plan.name} has ${acts.created.length} members`);
  const tried = `adding a ${LIMITS.group_members_max + 1}st member`;
  await knock(stage, { rule: "I22", tried, expected: ["group_full"] }, () =>
    actorAt(stage, plan.founder).phone.do("addMember", acts.channel, outsider.user_id as UserId),
  );
}
