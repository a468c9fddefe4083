/** The field in which a message is written: new, as a reply, or to change an earlier one. */
import type { ChannelId, Mention, Message, Seq } from "@damso/sdk";
import type { ReadonlySignal } from "@preact/signals";
import { batch, computed, signal } from "@preact/signals";
import type { Context } from "./context.ts";
import type { Drafts } from "./drafts.ts";
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
  dismissCandidates: () => void;
};

export function createComposer(
  { client, people, live, speech }: Context,
  channel: ChannelId,
  drafts: Drafts,
  report: Report,
): Composer {
  const mode = signal<Mode>({ kind: "new" });
  const start = drafts.of(channel);
  const field = signal<Field>({ text: start, caret: start.length });
  const typed = signal<Field>(field.peek());
  const dismissed = signal(false);
  const chosen: Candidate[] = [];

  const everybody = computed((): Candidate[] => {
    live.follow("channels");
    const known = client.channel(channel);
    if (known?.kind !== "group") return [];
    const others = known.members.filter(({ user_id }) => user_id !== client.user_id);
    const named = others.map(({ user_id }) => ({ id: user_id, name: people.nameOf(user_id) }));
    return [...named, { id: "all", name: speech.strings.value.everyone }];
  });
  const candidates = computed(() => {
    const { text, caret } = typed.value;
    const query = dismissed.value ? undefined : mentionQuery(text, caret);
    return query === undefined ? [] : matching(everybody.value, query);
  });

  function show(text: string, caret: number = text.length): void {
    batch(() => {
      field.value = { text, caret };
      typed.value = { text, caret };
    });
  }

  /** Back to a new message: what was begun before is there again. */
  function begin(): void {
    chosen.length = 0;
    mode.value = { kind: "new" };
    show(drafts.of(channel));
  }

  function change(message: Message, text: string): void {
    if (text === message.body && message.truncated !== true) return;
    void report(client.edit(channel, message.seq, text));
  }

  function submit(): void {
    const { text } = typed.peek();
    const current = mode.peek();
    if (text.trim() === "") return;
    if (current.kind === "edit") change(current.message, text);
    else {
      const options = sendOptions(current, mentionsIn(text, chosen));
      if (!report.now(() => void client.sendSoon(channel, text, options))) return;
      drafts.set(channel, "");
    }
    begin();
  }

  return {
    mode,
    field,
    ready: computed(() => typed.value.text.trim() !== ""),
    candidates,
    type: (text, caret) => {
      dismissed.value = false;
      typed.value = { text, caret };
      if (mode.peek().kind === "edit") return;
      drafts.set(channel, text);
      if (text !== "") client.typing(channel);
    },
    look: (text, caret) => {
      typed.value = { text, caret };
    },
    submit,
    reply: (message) => {
      mode.value = { kind: "reply", message };
      const { text, caret } = typed.peek();
      show(text, caret);
    },
    edit: async (message) => {
      const whole = await client.body(channel, message.seq);
      mode.value = { kind: "edit", message: whole };
      show(whole.body ?? "");
    },
    cancel: begin,
    choose: (candidate) => {
      const { text, caret } = typed.peek();
      const next = complete(text, caret, candidate.name);
      chosen.push(candidate);
      show(next.text, next.caret);
      if (mode.peek().kind !== "edit") drafts.set(channel, next.text);
    },
    dismissCandidates: () => {
      dismissed.value = true;
    },
  };
}

function sendOptions(mode: Mode, mentions: Mention[]): { reply_to?: Seq; mentions?: Mention[] } {
  return {
    ...(mode.kind === "reply" ? { reply_to: mode.message.seq } : {}),
    ...(mentions.length > 0 ? { mentions } : {}),
  };
}
