/** HTTP answers: judged by what is in them, as their twins on the socket are. I3, I9, I17, I22. */
import type { EventsPage } from "./events.ts";
import type { Channel } from "@damso/protocol/schema/channel";
import type { FeedId, Seq } from "@damso/protocol/ids";
import type { Message } from "@damso/protocol/schema/message";
import { homeIn } from "./book.ts";
import { checkPage } from "./events.ts";
import { checkHistory } from "./pages.ts";
import { checkSight } from "./sight.ts";
import type { Look } from "./sight.ts";
import { checkSummary } from "./summaries.ts";
import { heardTry, refusedTry, sentTry } from "./tries.ts";
import type { Send, Sent } from "./tries.ts";
import { isOver, noteFeedId } from "./wire.ts";
import type { Wire } from "./wire.ts";
import type { Who } from "./witness.ts";

/** A call that waits for its answer; `over`: its session had ended when it came. */
export type AskedCall = {
  who: Who;
  call: string;
  step: number;
  told: number;
  tail: number;
  send: Send | undefined;
  over: boolean;
};

export function askedCall(wire: Wire, who: Who, call: string, body: unknown): AskedCall {
  const { book } = wire;
  const send = sendIn(who, call, body);
  const over = isOver(wire, who);
  if (send) heardTry(wire.tries, send, who.device, over);
  const { told, tail } = homeIn(book, who.user_id);
  return { who, call, step: book.step, told, tail, send, over };
}

function sendIn(who: Who, call: string, body: unknown): Send | undefined {
  const channel = /\/v1\/channels\/([^/]+)\/messages$/.exec(call)?.[1];
  const sent = body as { client_id?: string } | undefined;
  if (channel === undefined || typeof sent?.client_id !== "string") return undefined;
  return { channel, client_id: sent.client_id, sender: who.user_id } as Send;
}

/** Answered to anybody. */
const OPEN: ReadonlySet<string> = new Set(["GET /v1/servers", "POST /v1/refresh"]);

export function answeredCall(wire: Wire, asked: AskedCall, status: number, body: unknown): void {
  const { book } = wire;
  const { who, call, step, told: as_of } = asked;
  const where = `${who.device} of ${who.user_id}: ${call}`;
  // What was under way already is finished.
  if (status < 400 && !OPEN.has(call) && asked.over)
    book.faults.add("I17", `${where} is answered after its session ${who.session_id} ended`);
  if (typeof body !== "object" || body === null) return;
  const home = homeIn(book, who.user_id);
  const look: Look = { where, home, as_of, asked: step };
  if (status < 400) return takeBody(wire, look, asked, body);
  const { code } = body as { code?: string };
  if (asked.send && code !== undefined) refusedTry(book, wire.tries, asked.send, where, code, step);
}

/** Where a page of the history has to begin or end: `?before=7`, `?after=7`, `?around=7`. */
function placeIn(call: string): { before?: Seq; after?: Seq; around?: Seq } {
  const [, name, seq] = /[?&](before|after|around)=(\d+)/.exec(call) ?? [];
  return name === undefined ? {} : { [name]: Number(seq) };
}

function takeBody(wire: Wire, look: Look, asked: AskedCall, body: object): void {
  const { call } = asked;
  const { book, tries } = wire;
  const { home, where } = look;
  if ("feed" in body && "events" in body) return takeFeed(wire, look, asked, body as EventsPage);
  if ("messages" in body && "more_before" in body) {
    const page = body as Parameters<typeof checkHistory>[3];
    return checkHistory(book, where, home, page, {
      step: look.asked ?? 0,
      told: look.as_of,
      told_seq: 0,
      ...placeIn(call),
    });
  }
  if ("channels" in body) {
    for (const channel of body.channels as Channel[]) checkSummary(book, look, channel);
  } else if ("message_id" in body && "client_id" in body && !("kind" in body)) {
    sentTry(book, tries, home.id, where, body as Sent);
  } else if ("message_id" in body && "kind" in body) {
    checkSight(book, look, body as Message);
  } else if ("visible_from" in body && "members" in body) {
    checkSummary(book, look, body as Channel);
  }
}

function takeFeed(wire: Wire, look: Look, { call, tail }: AskedCall, page: EventsPage): void {
  const { book } = wire;
  const { home, where } = look;
  noteFeedId(wire, where, page.feed.id);
  const [, id, after] = /[?&]feed=([^&]+)&after=(\d+)/.exec(call) ?? [];
  const cursor = id === undefined ? undefined : { id: id as FeedId, pos: Number(after) };
  const { as_of: told, asked: step = 0 } = look;
  checkPage(book, where, home, page, { step, told, tail, cursor });
  home.told = Math.max(home.told, Math.min(page.feed.head, home.head));
}
