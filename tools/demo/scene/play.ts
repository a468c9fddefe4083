/** The whole play, chapter after chapter. */
import { amount } from "../check/finding.ts";
import type { Handle } from "../house.ts";
import { headOf } from "../reader/read.ts";
import { beginChats, beginGroups } from "./begin.ts";
import { chat, chatOn } from "./chat.ts";
import { comeAndGo } from "./comings.ts";
import { PARTS } from "./plan.ts";
import { actorAt, between } from "./stage.ts";
import type { Stage } from "./stage.ts";
import {
  awkwardTexts,
  block,
  logOut,
  longText,
  look,
  settings,
  tunnel,
  wrongTexts,
} from "./turns.ts";
import { calm, lightning, storm } from "./weather.ts";

const CRASH_AFTER_MS = 200;

export async function play(stage: Stage): Promise<void> {
  const { plan, tell } = stage;
  tell(`${plan.pairs.length} pairs say hello, both at the same time`);
  await beginChats(stage);
  tell(`${plan.groups.length} group(s) begin: ${plan.groups.map(({ name }) => name).join(", ")}`);
  await beginGroups(stage);
  await awkwardTexts(stage);
  await look(stage);
  tell("everybody talks, on networks that lose every eighth message or its answer");
  await storm(stage);
  const first = await chat(stage, 0);
  tell(`${amount(first.sent)} messages sent`);
  await longAbsence(stage);
  await crash(stage);
  await calm(stage);
}

/** The server is killed in the middle of a conversation; who had no answer sends again. */
async function crash(stage: Stage): Promise<void> {
  if (stage.crash === undefined) return;
  stage.tell("the server is killed in the middle of a talk and started again");
  const [{ sent }] = await Promise.all([
    chat(stage, 0, [loggedOut(stage)]),
    Bun.sleep(CRASH_AFTER_MS).then(stage.crash),
  ]);
  stage.tell(`${amount(sent)} messages sent all the same`);
}

/** It says nothing from before its log-out on: what is on its way at that moment has no outcome to check. */
function loggedOut(stage: Stage): Handle {
  return actorAt(stage, PARTS.careful).tablet;
}

/** One tablet is away while the others go on; many things happen that it has to learn afterwards. */
async function longAbsence(stage: Stage): Promise<void> {
  const { plan, tell } = stage;
  const traveller = actorAt(stage, PARTS.traveller);
  const { phone, tablet } = traveller;
  await tablet.do("stop");
  const before = await phone.do("heard");
  tell(`${tablet.name} is offline; everybody goes on, and sockets are cut at random`);
  let over = false;
  // The commuter's app is closed and opened meanwhile: what somebody is doing with it would break off.
  const silent = [tablet, loggedOut(stage), actorAt(stage, PARTS.commuter).phone];
  const [{ sent }, cuts] = await Promise.all([
    chat(stage, 1, silent).finally(() => (over = true)),
    lightning(stage, () => over),
    oneAfterTheOther(stage),
  ]);
  tell(`${amount(sent)} messages sent, ${amount(cuts)} sockets cut`);
  const missed = async (): Promise<number> => {
    // If the last event was lost, only connecting again shows it.
    await phone.do("cut");
    const missing = await phone.do("caughtUp", await headOf(stage.http, traveller));
    if (missing !== undefined) stage.restless.push(missing);
    return (await phone.do("heard")) - before;
  };
  const lacking = plan.missed - (await missed());
  const friend = actorAt(stage, PARTS.founder);
  if (lacking > 0) await chatOn(stage, friend.laptop, between(friend, traveller), lacking);
  const messages = await missed();
  stage.absences.push({ device: tablet.name, messages, planned: plan.missed });
  tell(`${tablet.name} comes back after ${amount(messages)} messages`);
  await tablet.do("restart");
}

async function oneAfterTheOther(stage: Stage): Promise<void> {
  const { tell } = stage;
  tell("somebody joins late, somebody leaves, outsiders knock");
  await comeAndGo(stage);
  tell("a text of exactly 100,000 Hangul characters, and some that are refused");
  await longText(stage);
  await wrongTexts(stage);
  tell("drafts, pins and mutes; a tunnel; a block; a remote log-out");
  await settings(stage);
  await tunnel(stage);
  await block(stage);
  await logOut(stage);
}
