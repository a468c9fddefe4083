/**
 * Changes of messages on their way: seen at once, with the mark of what waits. What a server that is away has not taken is
 * kept on this device and asked for again with the next connection, by the next start too.
 */
import type { ChannelId, Message, Page, Seq } from "@damso/sdk";
import type { ReadonlySignal } from "@preact/signals";
import { signal } from "@preact/signals";
import type { Context } from "./context.ts";
import { getJson } from "./keep.ts";
import type { Report } from "./report.ts";
import { attempt } from "./report.ts";

/** `over`: the text that it changes. A message that has another one by now shows that. */
export type Edit = { channel: ChannelId; seq: Seq; body: string; over: number; done?: true };

type Place = Pick<Edit, "channel" | "seq">;

export type Edits = {
  all: ReadonlySignal<readonly Edit[]>;
  /** False when it was refused; one that waits for a connection is on its way. */
  change: (message: Message, body: string) => Promise<boolean>;
  /** Carries out what waits: the server is there again. */
  flush: () => void;
};

export function createEdits(
  { client, keep }: Pick<Context, "client" | "keep">,
  report: Report,
): Edits {
  const key = `damso.edits.${client.user_id}`;
  const all = signal<readonly Edit[]>(getJson(keep, key) ?? []);
  /** Of an earlier run, or of another tab, which may carry them out as well. */
  const found = new Set(all.peek());
  /** A message has one request at a time: the older of two could come last. */
  const asked = new Set<string>();

  const stored = (): readonly Edit[] => getJson(keep, key) ?? all.peek();

  /** Puts an edit in the place of what the message had; undefined for none. Other tabs write there too. */
  function put(of: Edit, shown: Edit | undefined, kept: Edit | undefined): void {
    const others = (edits: readonly Edit[]): readonly Edit[] =>
      edits.filter((each) => !isSame(each, of) && !each.done);
    keep.set(key, JSON.stringify([...others(stored()), ...(kept ? [kept] : [])]));
    all.value = [...others(all.peek()), ...(shown ? [shown] : [])];
  }

  async function carryOut(edit: Edit): Promise<boolean> {
    const kept = stored().find((each) => isSame(each, edit));
    // Another tab has done it, or has put a newer one in its place. A full storage keeps none.
    if (kept ? kept.body !== edit.body : found.has(edit)) {
      put(edit, undefined, kept);
      return true;
    }
    const name = `${edit.channel} ${edit.seq}`;
    if (asked.has(name)) return true;
    asked.add(name);
    const outcome = await attempt(report, client.edit(edit.channel, edit.seq, edit.body));
    asked.delete(name);
    const newer = all.peek().find((each) => isSame(each, edit) && each !== edit);
    if (newer) return carryOut(newer);
    // Shown until the changed message is here, which may come after the answer.
    if (outcome === "taken") put(edit, { ...edit, done: true }, undefined);
    if (outcome === "refused") put(edit, undefined, undefined);
    return outcome !== "refused";
  }

  return {
    all,
    change: ({ channel, seq, body_rev: over }, body) => {
      const edit = { channel, seq, body, over };
      put(edit, edit, edit);
      return carryOut(edit);
    },
    flush: () => {
      for (const edit of all.peek()) if (!edit.done) void carryOut(edit);
    },
  };
}

const isSame = (one: Place, other: Place): boolean =>
  one.channel === other.channel && one.seq === other.seq;

/** The messages of a channel as they will stand after what is on its way. */
export function withEdits(page: Page, channel: ChannelId, edits: readonly Edit[]): Page {
  const here = new Map(
    edits.filter((each) => each.channel === channel).map((edit) => [edit.seq, edit]),
  );
  if (here.size === 0) return page;
  return {
    ...page,
    messages: page.messages.map((message) => changed(message, here.get(message.seq))),
  };
}

function changed(message: Message, edit: Edit | undefined): Message {
  if (edit === undefined || edit.over !== message.body_rev || message.deleted_at !== undefined)
    return message;
  const { truncated: _, ...whole } = message;
  return { ...whole, body: edit.body, edited_at: message.edited_at ?? message.created_at };
}

/** A message by itself, as it will stand, and whether the server has still to take that. */
export function withEdit(message: Message, edits: readonly Edit[]): [Message, waiting: boolean] {
  const edit = edits.find((each) => isSame(each, message));
  return [changed(message, edit), edit !== undefined && edit.done !== true];
}

/** The messages of a channel whose change the server has not taken yet. */
export function waitingIn(channel: ChannelId, edits: readonly Edit[]): ReadonlySet<Seq> {
  return new Set(
    edits.filter((each) => each.channel === channel && !each.done).map(({ seq }) => seq),
  );
}
