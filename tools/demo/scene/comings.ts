/** Somebody joins late, somebody leaves, and what each may then not see. */
import type { ChannelId } from "@damso/protocol";
import { actorAt, knockByHttp, peekByHttp } from "./stage.ts";
import type { Actor, Group, Stage } from "./stage.ts";

const CLOSED = ["not_member", "not_found"];

export async function comeAndGo(stage: Stage): Promise<void> {
  for (const group of stage.groups) {
    const { joiner, leaver } = group.plan;
    if (joiner !== undefined) await join(stage, group, actorAt(stage, joiner));
    if (leaver !== undefined) await leave(stage, group, actorAt(stage, leaver));
    await knockFromOutside(stage, group);
  }
}

/** Messages from before the join are changed after it: nothing of that must reach who may not see them. */
async function join(stage: Stage, { plan, acts, changes }: Group, joiner: Actor): Promise<void> {
  const { channel } = acts;
  const { phone, laptop } = actorAt(stage, plan.founder);
  const tried = `${joiner.name} reading ${plan.name} before joining`;
  const path = `/v1/channels/${channel}/messages`;
  await peekByHttp(stage, { rule: "I9", tried, expected: CLOSED }, path, joiner.token);
  const older = await phone.do("say", channel, `before ${joiner.name} came`);
  await laptop.do("addMember", channel, joiner.user_id);
  changes.push({ event: "joined", user_id: joiner.user_id });
  await joiner.phone.do("say", channel, `반가워요! What did I miss? — ${joiner.name}`);
  if (older === undefined) throw new Error(`the founder of ${plan.name} may not write`);
  await phone.do("react", channel, older.seq, "👋", true);
  await phone.do(
    "edit",
    channel,
    older.seq,
    `just before ${joiner.name} came (${older.message_id})`,
  );
  if (plan.history === "all") return;
  const door = { rule: "I9", expected: CLOSED } as const;
  const what = `${joiner.name} reading a message of ${plan.name} from before the join`;
  await peekByHttp(stage, { ...door, tried: what }, `${path}/${older.seq}`, joiner.token);
}

/** Somebody then changes a message that the leaver knows: the new text must not reach who left. */
async function leave(stage: Stage, { plan, acts, changes }: Group, leaver: Actor): Promise<void> {
  const { channel } = acts;
  const author = actorAt(stage, plan.founder).phone;
  const place = await author.do("say", channel, `${leaver.name} can still read this`);
  await leaver.laptop.do("leave", channel);
  changes.push({ event: "left", user_id: leaver.user_id });
  // The answer to this one tells the author's device that the leave stands before it.
  await author.do("say", channel, `${leaver.name} has left`);
  if (place)
    await author.do("edit", channel, place.seq, `Not for ${leaver.name} (${place.message_id})`);
  await knockAsLeaver(stage, plan.name, channel, leaver);
}

async function knockAsLeaver(
  stage: Stage,
  name: string,
  channel: ChannelId,
  leaver: Actor,
): Promise<void> {
  const after = `in ${name} after leaving`;
  const path = `/v1/channels/${channel}/messages`;
  const writing = {
    rule: "I9",
    tried: `${leaver.name} writing ${after}`,
    expected: CLOSED,
  } as const;
  const reading = { ...writing, tried: `${leaver.name} reading ${after}` };
  await knockByHttp(stage, writing, channel, leaver.token);
  await peekByHttp(stage, reading, path, leaver.token);
  await peekByHttp(stage, reading, `${path}/2`, leaver.token);
}

async function knockFromOutside(stage: Stage, { plan, acts }: Group): Promise<void> {
  const { outsider, plan: play } = stage;
  const door = { rule: "I9", tried: `an outsider at ${plan.name}`, expected: CLOSED } as const;
  const path = `/v1/channels/${acts.channel}`;
  await knockByHttp(stage, door, acts.channel, outsider.token);
  await peekByHttp(stage, door, path, outsider.token);
  await peekByHttp(stage, door, `${path}/messages`, outsider.token);
  const [pair] = play.pairs;
  if (pair === undefined) return;
  const [one, other] = pair.map((position) => actorAt(stage, position).user_id).toSorted();
  const direct = `d${one}.${other}` as ChannelId;
  const chat = { ...door, tried: "an outsider at a direct chat" };
  await knockByHttp(stage, chat, direct, outsider.token);
  await peekByHttp(stage, chat, `/v1/channels/${direct}/messages`, outsider.token);
}
