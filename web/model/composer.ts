/** The field in which a message is written: new, as a reply, or to change an earlier one. */
import { LIMITS } from "@damso/protocol/limits";
import { withinCodePoints } from "@damso/protocol/text";
import type { ChannelId, Mention, Message, Seq } from "@damso/sdk";
import { DamsoError } from "@damso/sdk";
import type { ReadonlySignal, Signal } from "@preact/signals";
import { batch, computed, signal } from "@preact/signals";
import type { Context } from "./context.ts";
import type { Drafts } from "./drafts.ts";
import type { Edits } from "./edits.ts";
import type { Candidate } from "./mention.ts";
import { complete, matching, mentionQuery, mentionsIn } from "./mention.ts";
import type { Report } from "./report.ts";

export type Mode =
  | { kind: "new" }
  | { kind: "reply"; message: Message }
  | { kind: "edit"; message: Message };

/** What the field must show now; a new object each time, so that equal texts are shown again too. */
export type Field = { text: string; caret: number };

export type Composer = {
  mode: ReadonlySignal<Mode>;
  field: ReadonlySignal<Field>;
  /** Whether there is anything to send. */
  ready: ReadonlySignal<boolean>;
  candidates: ReadonlySignal<readonly Candidate[]>;
  /** What stands in the field after a keystroke. */
  type: (text: string, caret: number) => void;
  /** The caret moved. */
  look: (text: string, caret: number) => void;
  submit: () => void;
  reply: (message: Message) => void;
  /** Edits this message, fetching the whole text when only its beginning is here. */
  edit: (message: Message) => Promise<void>;
  cancel: () => void;
  choose: (candidate: Candidate) => void;
  /** Puts something where the caret stands. */
  insert: (text: string) => void;
  dismissCandidates: () => void;
};

type State = {
  context: Context;
  channel: ChannelId;
  drafts: Drafts;
  report: Report;
  edits: Edits;
  sent: () => void;
  mode: Signal<Mode>;
  field: Signal<Field>;
  typed: Signal<Field>;
  /** The list of candidates was sent away; another text brings it back. */
  dismissed: Signal<boolean>;
  chosen: Candidate[];
  /** Whoever can be mentioned here. */
  everybody: ReadonlySignal<readonly Candidate[]>;
};

export function createComposer(
  context: Context,
  channel: ChannelId,
  tools: Pick<State, "drafts" | "report" | "edits">,
  sent: () => void = () => {},
): Composer {
  const { drafts } = tools;
  const text = drafts.of(channel);
  const state: State = {
    context,
    channel,
    ...tools,
    sent,
    mode: signal<Mode>({ kind: "new" }),
    field: signal<Field>({ text, caret: text.length }),
    typed: signal<Field>({ text, caret: text.length }),
    dismissed: signal(false),
    chosen: [],
    everybody: everybodyIn(context, channel),
  };
  const { mode, field, typed, dismissed } = state;
  return {
    mode,
    field,
    ready: computed(() => typed.value.text.trim() !== ""),
    candidates: candidatesOf(state),
    type: (text, caret) => type(state, text, caret),
    look: (text, caret) => {
      typed.value = { text, caret };
    },
    submit: () => submit(state),
    reply: (message) => {
      const text = drafts.of(channel);
      // What stands in an edit belongs to the message that was edited.
      const kept = mode.peek().kind === "edit" ? { text, caret: text.length } : typed.peek();
      mode.value = { kind: "reply", message };
      show(state, kept);
    },
    edit: async (message) => {
      // At once where it can be: the next key is part of it already.
      const cut = message.truncated === true;
      const whole = cut ? await context.client.body(channel, message.seq) : message;
      mode.value = { kind: "edit", message: whole };
      const { body = "" } = whole;
      show(state, { text: body, caret: body.length });
    },
    cancel: () => begin(state),
    choose: (candidate) => choose(state, candidate),
    insert: (inserted) => insert(state, inserted),
    dismissCandidates: () => {
      dismissed.value = true;
    },
  };
}

function everybodyIn(
  { client, live, people, speech }: Context,
  channel: ChannelId,
): State["everybody"] {
  return computed(() => {
    live.follow("channels");
    const known = client.channel(channel);
    if (known?.kind !== "group") return [];
    const others = known.members.filter(({ user_id }) => user_id !== client.user_id);
    const named = others.map(({ user_id }) => ({ id: user_id, name: people.nameOf(user_id) }));
    return [...named, { id: "all", name: speech.strings.value.everyone }];
  });
}

function candidatesOf(state: State): ReadonlySignal<readonly Candidate[]> {
  return computed(() => {
    const { text, caret } = state.typed.value;
    const query = state.dismissed.value ? undefined : mentionQuery(text, caret);
    return query === undefined ? [] : matching(state.everybody.value, query);
  });
}

function type(state: State, text: string, caret: number): void {
  const { context, channel, drafts } = state;
  if (text !== state.typed.peek().text) state.dismissed.value = false;
  state.typed.value = { text, caret };
  if (state.mode.peek().kind === "edit") return;
  drafts.set(channel, text);
  if (text !== "") context.client.typing(channel);
}

function choose(state: State, candidate: Candidate): void {
  const { text, caret } = state.typed.peek();
  const next = complete(text, caret, candidate.name);
  state.chosen.push(candidate);
  show(state, next);
  if (state.mode.peek().kind !== "edit") state.drafts.set(state.channel, next.text);
}

function insert(state: State, inserted: string): void {
  const { text, caret } = state.typed.peek();
  const next = text.slice(0, caret) + inserted + text.slice(caret);
  show(state, { text: next, caret: caret + inserted.length });
  if (state.mode.peek().kind !== "edit") state.drafts.set(state.channel, next);
}

function submit(state: State): void {
  const { context, channel, drafts, report } = state;
  const { text } = state.typed.peek();
  const mode = state.mode.peek();
  if (text.trim() === "" || !report.now(() => mustFit(text))) return;
  if (mode.kind === "edit") {
    begin(state);
    void change(state, mode.message, text);
    return;
  }
  // A draft of before, or of another device, has nobody who was chosen.
  const mentions = mentionsIn(text, [...state.chosen, ...state.everybody.peek()]);
  const options = sendOptions(mode, mentions);
  if (!report.now(() => void context.client.sendSoon(channel, text, options))) return;
  drafts.set(channel, "");
  state.sent();
  begin(state);
}

/** Asked while the text is in the field, where it can be made shorter: a refusal comes when it has left it. */
function mustFit(text: string): void {
  if (!withinCodePoints(text, LIMITS.body_code_points_max)) throw new DamsoError("too_long", "");
}

/** A change that failed is in the field again, unless something else has been begun there. */
async function change(state: State, message: Message, text: string): Promise<void> {
  if (text === message.body && message.truncated !== true) return;
  const left = state.typed.peek();
  if (await state.edits.change(message, text)) return;
  if (state.typed.peek() !== left) return;
  state.mode.value = { kind: "edit", message };
  show(state, { text, caret: text.length });
}

/** Back to a new message: what was begun before is there again. */
function begin(state: State): void {
  state.chosen.length = 0;
  state.mode.value = { kind: "new" };
  const text = state.drafts.of(state.channel);
  show(state, { text, caret: text.length });
}

function show({ field, typed }: State, { text, caret }: Field): void {
  batch(() => {
    field.value = { text, caret };
    typed.value = { text, caret };
  });
}

function sendOptions(mode: Mode, mentions: Mention[]): { reply_to?: Seq; mentions?: Mention[] } {
  return {
    ...(mode.kind === "reply" ? { reply_to: mode.message.seq } : {}),
    ...(mentions.length > 0 ? { mentions } : {}),
  };
}
