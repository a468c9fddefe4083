/** A person who chats: sends, and now and then replies, mentions, reacts, corrects, deletes, pins and reads. */
import type { ChannelId, Message, UserId } from "@damso/protocol";
import { DamsoError } from "@damso/sdk";
import type { Place } from "../check/evidence.ts";
import { sentence } from "./corpus.ts";
import { correct, listOf, readUpTo, say } from "./device.ts";
import type { Device } from "./device.ts";

export type Talk = {
  channel: ChannelId;
  count: number;
  /** Who may be mentioned. */
  others: readonly UserId[];
  /** Deletes messages for himself now and then. */
  hides: boolean;
};

/** The share of messages that more follow at once. */
const BURSTS = 0.05;

const EMOJIS = ["👍", "❤️", "😂", "ㅋㅋ", "👩‍👩‍👧"];

/** What a change may be answered with when somebody else was faster: deleted it, left, or blocked the other. */
const OVERTAKEN: ReadonlySet<string> = new Set([
  "not_found",
  "forbidden",
  "not_member",
  "blocked",
  "invalid",
]);

export type Talked = { sent: number; overtaken: number };

/** One message after the other, mostly each after the answer to the one before. */
export async function talk(self: Device, plan: Talk): Promise<Talked> {
  const talked: Talked = { sent: 0, overtaken: 0 };
  for (let i = 0; i < plan.count; i++) {
    const place = await sayOne(self, plan, `${i + 1}`);
    if (self.random.chance(BURSTS)) talked.sent += await burst(self, plan.channel);
    if (place !== undefined) talked.sent++;
    try {
      await gesture(self, plan, place);
    } catch (error) {
      if (!(error instanceof DamsoError) || !OVERTAKEN.has(error.code)) throw error;
      talked.overtaken++;
    }
  }
  return talked;
}

/** Several at once: whatever happens to the connection, they have to stand in this order. */
async function burst(self: Device, channel: ChannelId): Promise<number> {
  const words = ["아 그리고", "one more thing", "…", "잊을 뻔했네"];
  const places = await Promise.all(words.map((word) => say(self, channel, word)));
  return places.filter((place) => place !== undefined).length;
}

async function sayOne(
  self: Device,
  { channel, others }: Talk,
  tail: string,
): Promise<Place | undefined> {
  const { random, chat } = self;
  if (random.chance(0.05)) chat.typing(channel);
  const body = `${sentence(random)} ${tail}`;
  const recent = listOf(self.recent, channel);
  if (recent.length > 0 && random.chance(0.12))
    return say(self, channel, body, { reply_to: random.pick(recent).seq });
  if (others.length > 0 && random.chance(0.08))
    return say(self, channel, body, { mentions: [random.pick(others)] });
  if (channel.startsWith("g") && random.chance(0.01))
    return say(self, channel, body, { mentions: ["all"] });
  return say(self, channel, body);
}

async function gesture(self: Device, plan: Talk, own: Place | undefined): Promise<void> {
  const { random, chat } = self;
  const { channel, hides } = plan;
  const recent = listOf(self.recent, channel);
  const newest = recent.at(-1);
  if (newest === undefined) return;
  const dice = random.next();
  if (dice < 0.2) readUpTo(self, channel, newest.seq);
  else if (dice < 0.25)
    await chat.react(channel, random.pick(recent).seq, random.pick(EMOJIS), true);
  else if (dice < 0.26) await unreact(self, channel, recent);
  else if (dice < 0.29 && own) await correct(self, channel, own.seq, corrected(self, own));
  else if (dice < 0.305 && own) await chat.delete(channel, own.seq, "all");
  else if (dice < 0.32 && hides) await chat.delete(channel, random.pick(recent).seq, "me");
  else if (dice < 0.324) await chat.pin(channel, random.pick(recent).seq, true);
}

/** A text that no other message and no other edit has: who saw it saw this edit. */
function corrected(self: Device, { message_id }: Place): string {
  return `${sentence(self.random)} (고침 ${self.edits.length + 1}, ${message_id})`;
}

async function unreact(
  self: Device,
  channel: ChannelId,
  recent: readonly Message[],
): Promise<void> {
  const { user_id } = self.session;
  for (const { seq, reactions = {} } of recent) {
    const emoji = Object.keys(reactions).find((name) => reactions[name]?.includes(user_id));
    if (emoji !== undefined) return self.chat.react(channel, seq, emoji, false);
  }
}
