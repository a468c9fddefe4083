/**
 * Deletions that can still be taken back. A message is gone from sight at once and deleted a few seconds later: nothing
 * that a server has deleted comes back. What waits is kept on this device and carried out by the next start, should this
 * one end before.
 */
import type { ChannelId, Message, Seq } from "@damso/sdk";
import type { ReadonlySignal } from "@preact/signals";
import { computed, signal } from "@preact/signals";
import type { Context } from "./context.ts";
import { getJson } from "./keep.ts";
import type { Report } from "./report.ts";
import { attempt } from "./report.ts";

const UNDO_MS = 5000;

export type Doomed = { channel: ChannelId; seq: Seq; whom: "all" | "me" };

export type Deletions = {
  doomed: ReadonlySignal<readonly Doomed[]>;
  /** How many can be taken back now. */
  undoable: ReadonlySignal<number>;
  remove: (channel: ChannelId, seqs: readonly Seq[], whom: Doomed["whom"]) => void;
  undo: () => void;
  /** Carries out what waits: the page is about to go, or the server is there again. */
  flush: () => void;
};

export function createDeletions(context: Context, report: Report): Deletions {
  const { client, keep, later } = context;
  const key = `damso.doomed.${client.user_id}`;
  /** Of this tab, and what it has found: an earlier run left it, or another tab, which may still take it back. */
  const doomed = signal<readonly Doomed[]>(getJson(keep, key) ?? []);
  let found: readonly Doomed[] = doomed.peek();
  const undoable = signal<readonly Doomed[]>([]);
  const asked = new Set<Doomed>();
  let cancel = (): void => {};
  if (found.length > 0) later(UNDO_MS, ripen);

  const stored = (): readonly Doomed[] => getJson(keep, key) ?? doomed.peek();

  /** Other tabs write there too: what is theirs stays. */
  function change(step: (all: readonly Doomed[]) => readonly Doomed[]): void {
    const next = step(stored());
    doomed.value = step(doomed.peek());
    keep.set(key, JSON.stringify(next));
  }

  /** What was found and is still there was not taken back. */
  function ripen(): void {
    const left = stored();
    const isOver = (each: Doomed): boolean => found.includes(each) && !isIn(left, each);
    doomed.value = doomed.peek().filter((each) => !isOver(each));
    found = [];
    carryOutDue();
  }

  function carryOutDue(): void {
    const waits = new Set([...asked, ...found, ...undoable.peek()]);
    for (const each of doomed.peek()) if (!waits.has(each)) void carryOut(each);
  }

  async function carryOut(each: Doomed): Promise<void> {
    asked.add(each);
    // Its files stay: a message that they were passed on with names the same ones. Rule M4.
    const outcome = await attempt(report, client.delete(each.channel, each.seq, each.whom));
    asked.delete(each);
    if (outcome !== "away") change(without([each]));
  }

  function flush(): void {
    cancel();
    undoable.value = [];
    carryOutDue();
  }

  return {
    doomed,
    undoable: computed(() => undoable.value.length),
    remove: (channel, seqs, whom) => {
      cancel();
      const fresh = seqs.map((seq) => ({ channel, seq, whom }));
      undoable.value = [...undoable.peek(), ...fresh];
      change((all) => [...all, ...fresh]);
      cancel = later(UNDO_MS, flush);
    },
    undo: () => {
      cancel();
      change(without(undoable.peek()));
      undoable.value = [];
    },
    flush,
  };
}

const isIn = (all: readonly Doomed[], { channel, seq, whom }: Doomed): boolean =>
  all.some((each) => each.channel === channel && each.seq === seq && each.whom === whom);

const without =
  (gone: readonly Doomed[]) =>
  (all: readonly Doomed[]): readonly Doomed[] =>
    all.filter((each) => !isIn(gone, each));

/** The messages as they will stand after what is doomed is deleted. */
export function withoutDoomed(
  messages: readonly Message[],
  channel: ChannelId,
  doomed: readonly Doomed[],
): readonly Message[] {
  const here = new Map(
    doomed.filter((each) => each.channel === channel).map(({ seq, whom }) => [seq, whom]),
  );
  if (here.size === 0) return messages;
  return messages.flatMap((message) => {
    const whom = here.get(message.seq);
    if (whom === undefined) return message;
    return whom === "me" ? [] : { ...message, deleted_at: message.created_at };
  });
}
