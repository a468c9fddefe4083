/**
 * Finding messages: the server is asked, and where it does not answer, what is kept on this device is searched. Chats
 * are found by name at once.
 */
import type { Channel, ChannelId, Message, Seq, UserId } from "@damso/sdk";
import type { ReadonlySignal, Signal } from "@preact/signals";
import { batch, computed, signal } from "@preact/signals";
import type { Row } from "./chat-list.ts";
import type { Context } from "./context.ts";
import type { Going } from "./going.ts";
import type { Home } from "./home.ts";
import { isMention } from "./mentions-ahead.ts";
import { codeOf } from "./report.ts";
import type { Piece } from "./snippet.ts";
import { inPieces, snippetOf } from "./snippet.ts";
import { findChats } from "./switcher.ts";

const PAUSE_MS = 250;
const PAGE = 30;
/** Stored messages looked through per chat, newest first, and how many at a time. */
const LOOKED_MAX = 20_000;
const LOOKED_STEP = 1000;

export type Scope = { kind: "all" } | { kind: "mentions" } | { kind: "chat"; channel: ChannelId };

export type Hit = {
  channel: ChannelId;
  seq: Seq;
  sender_id?: UserId;
  created_at?: string;
  pieces: readonly Piece[];
};

/** Messages that this device keeps, by seq, both included. */
export type ReadStored = (channel: ChannelId, from: Seq, to: Seq) => Promise<readonly Message[]>;

export type Results = {
  hits: readonly Hit[];
  /** Where the next page begins; undefined when this was the last. */
  next: string | undefined;
  /** Only this device was searched. */
  local: boolean;
};

export type Search = {
  typed: ReadonlySignal<string>;
  scope: ReadonlySignal<Scope>;
  chats: ReadonlySignal<readonly Row[]>;
  results: ReadonlySignal<Results>;
  busy: ReadonlySignal<boolean>;
  type: (text: string) => void;
  look: (scope: Scope) => void;
  /** The panel is opened again: what was found in the same scope is there still. */
  resume: (scope: Scope) => void;
  /** Rejects when the server does not answer; then it can be asked again. */
  more: () => Promise<void>;
};

type Answer = { hits: AnswerHit[]; before?: string; next?: string; cursor?: string };
type AnswerHit = Omit<Hit, "pieces"> & { snippet?: string; body?: string; message?: Message };

const NONE: Results = { hits: [], next: undefined, local: false };

/** Of each page one, so that what was found stays as it was left. */
const searches = new WeakMap<Going, Search>();

export function searchOf({
  context,
  rows,
  going,
}: Pick<Home, "context" | "rows" | "going">): Search {
  const search = searches.get(going) ?? createSearch(context, rows, going.stored);
  searches.set(going, search);
  return search;
}

type State = {
  context: Context;
  stored: ReadStored;
  typed: Signal<string>;
  scope: Signal<Scope>;
  results: Signal<Results>;
  busy: Signal<boolean>;
  /** A server without an index is asked once. */
  served: boolean;
  /** Counts what was asked for: what comes later than the next question is dropped. */
  wanted: number;
};

export function createSearch(
  context: Context,
  rows: ReadonlySignal<readonly Row[]>,
  stored: ReadStored,
): Search {
  const typed = signal("");
  const scope = signal<Scope>({ kind: "all" });
  const results = signal<Results>(NONE);
  const busy = signal(false);
  const state: State = { context, stored, typed, scope, results, busy, served: true, wanted: 0 };
  let cancel = (): void => {};

  function soon(): void {
    cancel();
    state.wanted += 1;
    // What is still shown was found for other words.
    busy.value = true;
    cancel = context.later(PAUSE_MS, () => void run(state));
  }

  function look(next: Scope): void {
    scope.value = next;
    results.value = NONE;
    void run(state);
  }

  return {
    typed,
    scope,
    results,
    busy,
    chats: computed(() => {
      const finds = scope.value.kind === "all" && typed.value.trim() !== "";
      return finds ? findChats(rows.value, typed.value) : [];
    }),
    type: (text) => {
      typed.value = text;
      soon();
    },
    look,
    resume: (next) => {
      const { hits, local } = results.peek();
      if (!isSame(scope.peek(), next) || hits.length === 0 || local) look(next);
    },
    more: async () => {
      const { next } = results.peek();
      if (next !== undefined && !busy.peek()) await runOn(state, next);
    },
  };
}

async function run(state: State): Promise<void> {
  const { context, stored, typed, scope, results, busy } = state;
  const mine = ++state.wanted;
  const query = typed.peek().trim();
  if (query === "" && scope.peek().kind !== "mentions") {
    batch(() => ([results.value, busy.value] = [NONE, false]));
    return;
  }
  busy.value = true;
  const found = state.served ? await ask(state, scope.peek(), query) : undefined;
  const isOver = (): boolean => mine !== state.wanted;
  const known = found ?? (await findStored(context, stored, scope.peek(), query, isOver));
  if (isOver()) return;
  batch(() => ([results.value, busy.value] = [known, false]));
}

/** Without an answer all stays as it was: what is on this device stands among those hits already. */
async function runOn(state: State, before: string): Promise<void> {
  const { context, typed, scope, results, busy } = state;
  const mine = ++state.wanted;
  busy.value = true;
  try {
    const found = await pageOf(context, scope.peek(), typed.peek().trim(), before);
    if (mine !== state.wanted) return;
    results.value = { ...found, hits: [...results.peek().hits, ...found.hits] };
  } catch (error) {
    if (mine === state.wanted) throw error;
  } finally {
    if (mine === state.wanted) busy.value = false;
  }
}

/** Undefined when there is no answer. */
async function ask(state: State, where: Scope, query: string): Promise<Results | undefined> {
  try {
    return await pageOf(state.context, where, query);
  } catch (error) {
    if (codeOf(error) === "not_found" && where.kind !== "chat") state.served = false;
    return undefined;
  }
}

async function pageOf(
  { api }: Context,
  where: Scope,
  query: string,
  before?: string,
): Promise<Results> {
  const answer = await api.ask<Answer>("GET", addressOf(where, query, before));
  const hits = answer.hits.map((hit) => toHit(hit, query));
  return { hits, next: nextOf(answer), local: false };
}

const isSame = (one: Scope, other: Scope): boolean =>
  one.kind === "chat" && other.kind === "chat"
    ? one.channel === other.channel
    : one.kind === other.kind;

function addressOf(scope: Scope, query: string, before: string | undefined): string {
  const asked = Object.entries({
    ...(scope.kind !== "mentions" && { q: query }),
    ...(scope.kind === "chat" && { channel: scope.channel }),
    ...(before !== undefined && { before }),
  }).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const path = scope.kind === "mentions" ? "/v1/mentions" : "/v1/search";
  return asked.length === 0 ? path : `${path}?${asked.join("&")}`;
}

function nextOf(answer: Answer): string | undefined {
  return answer.before ?? answer.next ?? answer.cursor;
}

function toHit({ snippet, body, message, ...hit }: AnswerHit, query: string): Hit {
  const text = snippet ?? body ?? message?.body ?? "";
  return { ...message, ...hit, pieces: inPieces(text, query) };
}

/** The newest hits among what this device keeps. */
async function findStored(
  { client }: Context,
  stored: ReadStored,
  scope: Scope,
  query: string,
  isOver: () => boolean,
): Promise<Results> {
  const fits = (message: Message): boolean =>
    message.deleted_at === undefined &&
    (scope.kind === "mentions"
      ? isMention(message, client.user_id)
      : snippetOf(message.body ?? "", query) !== undefined);
  const channels = client
    .channels()
    .filter(({ id }) => scope.kind !== "chat" || scope.channel === id);
  const found: Message[] = [];
  for (const channel of channels) {
    if (isOver()) break;
    found.push(...(await lookThrough(stored, channel, fits)));
  }
  const newest = found.toSorted((a, b) => b.created_at.localeCompare(a.created_at)).slice(0, PAGE);
  const hits = newest.map((message) => fromMessage(message, query));
  return { hits, next: undefined, local: true };
}

async function lookThrough(
  stored: ReadStored,
  { id, head, visible_from }: Channel,
  fits: (message: Message) => boolean,
): Promise<Message[]> {
  const found: Message[] = [];
  const last = Math.max(visible_from, head - LOOKED_MAX);
  for (let to = head; to >= last && found.length < PAGE; to -= LOOKED_STEP) {
    // A database that the browser has closed or thrown away has nothing.
    const messages = await stored(id, Math.max(last, to - LOOKED_STEP + 1), to).catch(() => []);
    found.push(...messages.filter(fits).toReversed());
  }
  return found;
}

function fromMessage(
  { channel, seq, sender_id, created_at, body = "" }: Message,
  query: string,
): Hit {
  const text = snippetOf(body, query) ?? body.slice(0, 200);
  return { channel, seq, sender_id, created_at, pieces: inPieces(text, query) };
}
