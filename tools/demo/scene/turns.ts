/** What happens once each: long texts, settings, a tunnel, a block, a remote log-out, and what is over a limit. */
import { LIMITS } from "@damso/protocol/limits";
import { codeOf } from "../reader/http.ts";
import { PARTS } from "./plan.ts";
import { actorAt, between, knock, knockByHttp } from "./stage.ts";
import type { Stage } from "./stage.ts";

export async function longText(stage: Stage): Promise<void> {
  const [group] = stage.groups;
  if (group === undefined) throw new Error("the plan has no group");
  const { channel } = group.acts;
  const author = actorAt(stage, PARTS.commuter).laptop;
  const length = LIMITS.body_code_points_max;
  const place = await author.do("sayLong", channel, length);
  if (place === undefined) throw new Error("the long text was refused");
  const readers = [actorAt(stage, PARTS.founder), actorAt(stage, PARTS.careful)];
  await Promise.all(
    readers
      .flatMap(({ phone, laptop }) => [phone, laptop])
      .map((device) => device.do("body", channel, place.seq)),
  );
  const one = await author.do("sayLong", channel, length + 1);
  if (one !== undefined) throw new Error(`${length + 1} characters were accepted`);
}

export async function awkwardTexts(stage: Stage): Promise<void> {
  const [one, other] = [actorAt(stage, PARTS.commuter), actorAt(stage, PARTS.founder)];
  await one.laptop.do("sayAwkward", between(one, other));
}

/** Settings of one's own, made on one device: the others of the person follow. */
export async function settings(stage: Stage): Promise<void> {
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  const { traveller, founder, commuter } = PARTS;
  const [one, other] = [actorAt(stage, founder), actorAt(stage, commuter)];
  const chat = between(one, other);
  await one.phone.do("set", chat, { draft: "아직 안 보낸 글…", pinned: true });
  await other.laptop.do("set", chat, { muted_until: tomorrow });
  for (const { acts, plan } of stage.groups) {
    const host = actorAt(stage, plan.founder);
    await actorAt(stage, traveller).phone.do("set", acts.channel, { muted_until: tomorrow });
    await host.laptop.do("set", acts.channel, { draft: "first" });
    await host.phone.do("set", acts.channel, { draft: null, unread_mark: true });
  }
}

/** Looking at a chat brings typing, receipts and presence; nothing of it is stored. */
export async function look(stage: Stage): Promise<void> {
  const [group] = stage.groups;
  if (group === undefined) return;
  const users = stage.actors.map(({ user_id }) => user_id);
  await Promise.all(
    group.plan.members.map(async (position) => {
      const { phone } = actorAt(stage, position);
      await phone.do("open", group.acts.channel);
      await phone.do("watch", users.slice(0, LIMITS.watch_users_max));
    }),
  );
  for (const [i, j] of stage.plan.pairs) {
    const [one, other] = [actorAt(stage, i), actorAt(stage, j)];
    await other.laptop.do("open", between(one, other));
    await one.phone.do("typing", between(one, other));
  }
}

/** What is written without a network is sent when there is one, in its order; even if the app was closed meanwhile. */
export async function tunnel(stage: Stage): Promise<void> {
  const { commuter, founder } = PARTS;
  const { phone } = actorAt(stage, commuter);
  const channel = between(actorAt(stage, commuter), actorAt(stage, founder));
  await phone.do("online", false);
  for (const word of ["터널이야", "들려?", "can you hear me?"])
    await phone.do("mutter", channel, word);
  await phone.do("stop");
  await phone.do("online", true);
  await phone.do("restart");
}

export async function block(stage: Stage): Promise<void> {
  const [one, other] = [actorAt(stage, PARTS.blocker), actorAt(stage, PARTS.blocked)];
  const channel = between(one, other);
  await one.phone.do("block", other.user_id);
  // Refused on every way: the device is told, and so is plain HTTP.
  await other.phone.do("say", channel, "why do you not answer?");
  await one.laptop.do("say", channel, "I cannot write either");
  const door = { rule: "I19", tried: `${other.name} writing to ${one.name}` } as const;
  await knockByHttp(stage, { ...door, expected: ["blocked"] }, channel, other.token);
  const back = { ...door, tried: `${one.name} writing to ${other.name}`, expected: ["blocked"] };
  await knockByHttp(stage, back, channel, one.token);
  await knock(stage, { ...door, tried: `${other.name} reacting`, expected: ["blocked"] }, () =>
    other.laptop.do("react", channel, 1, "👍", true),
  );
  await one.phone.do("unblock", other.user_id);
  await other.phone.do("say", channel, "friends again");
}

/** A tablet is logged out from the phone: at once it is told nothing, and its tokens open nothing. */
export async function logOut(stage: Stage): Promise<void> {
  const careful = actorAt(stage, PARTS.careful);
  const { phone, tablet } = careful;
  const { access_token = "" } = await tablet.do("session");
  const answered = await phone.do("removeDevice", tablet.device_id);
  const ended = await tablet.do("ended");
  stage.log_outs.push({ device: tablet.name, ms: Math.max(0, ended - answered) });
  const door = { rule: "I17", tried: `calls with the token of ${tablet.name}` } as const;
  for (const path of ["/v1/me", "/v1/feed?after=0", "/v1/channels"]) {
    const got = await codeOf(() => stage.http("GET", path, access_token));
    stage.doors.push({
      ...door,
      tried: `${door.tried}: ${path}`,
      expected: ["unauthenticated"],
      got,
    });
  }
}

export async function wrongTexts(stage: Stage): Promise<void> {
  const [one, other] = [actorAt(stage, PARTS.founder), actorAt(stage, PARTS.traveller)];
  const channel = between(one, other);
  const wrong: [string, string][] = [
    ["", "empty"],
    ["a\u0000b", "invalid_text"],
    ["a".repeat(LIMITS.body_code_points_max + 1), "too_long"],
  ];
  for (const [body, code] of wrong) {
    const door = { rule: "I22", tried: `a text that is ${code}`, expected: [code] } as const;
    await knockByHttp(stage, door, channel, one.token, body);
  }
}
