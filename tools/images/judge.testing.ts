/** Opens an image as a start after the power came back does, and asks whether all promises were kept. */
import type { FakeStore } from "@damso/contracts/fakes/shard-store";
import type { ShardStore } from "@damso/core/ports/store";
import { openLevelStore } from "@damso/adapters/leveldb/store";
import type { LevelOptions } from "@damso/adapters/leveldb/store";
import { openScene, START_MS } from "@damso/core/shard/scene.testing";
import type { Scene } from "@damso/core/shard/scene.testing";
import { PEOPLE, rowsAfter, SESSION_MS } from "./commits.testing.ts";
import type { CommitNote, Rows, SentNote } from "./commits.testing.ts";
import {
  checkAgreement,
  checkCommits,
  checkNothingElse,
  dump,
  readPartitions,
  readRows,
} from "./rows.testing.ts";
import type { Commits } from "./trace.testing.ts";

const SENT_AGAIN = 4;
/** Later than every session of the workload. */
const LATER_MS: number = START_MS + 30 * SESSION_MS;

/** The promises that were broken, as sentences. */
export async function judge(
  place: string,
  commits: readonly CommitNote[],
  at: Commits,
  options: LevelOptions,
): Promise<string[]> {
  const known = rowsAfter(commits, at.begun);
  const faults: string[] = [];
  const store = await openLevelStore(place, options);
  let before = "";
  try {
    const found = await readRows(store, known);
    faults.push(...checkCommits(commits, at, found), ...checkAgreement(found));
    faults.push(...checkNothingElse(await readPartitions(store, known), known));
    if (faults.length === 0) faults.push(...(await goOn(store, commits, at.begun)));
    before = await dump(store, known);
  } finally {
    await store.close();
  }
  const after = await startAgain(place, options, known);
  if (before !== after) faults.push("[I24] starts with nothing asked change what is there");
  return faults;
}

/** A shard on it answers what it answered, and takes what is new. */
async function goOn(
  store: ShardStore,
  commits: readonly CommitNote[],
  begun: number,
): Promise<string[]> {
  const scene = await openScene(PEOPLE, store as FakeStore);
  scene.time.now = LATER_MS;
  const answered = commits.slice(0, begun).flatMap(({ sent }) => sent);
  const open = commits.slice(begun).flatMap(({ sent }) => sent);
  const faults: string[] = [];
  for (const note of [...answered.slice(0, 1), ...answered.slice(-SENT_AGAIN)]) {
    const seq = await seqOf(scene, note);
    if (seq !== note.seq) faults.push(`[I4] ${note.client_id} was ${note.seq} and is ${seq}`);
  }
  for (const note of open.filter(isBelated(answered)).slice(0, SENT_AGAIN)) {
    const [once, twice] = [await seqOf(scene, note), await seqOf(scene, note)];
    if (typeof once !== "number" || once !== twice) {
      faults.push(`[I4] ${note.client_id} was answered ${once}, then ${twice}`);
    }
  }
  return faults;
}

/** In a group that is not there yet it cannot be sent again. */
function isBelated(answered: readonly SentNote[]): (note: SentNote) => boolean {
  const known = new Set(answered.map(({ channel }) => channel));
  return ({ channel }) => channel.startsWith("d") || known.has(channel);
}

async function seqOf(scene: Scene, note: SentNote): Promise<number | string> {
  const { user_id, channel, client_id, body } = note;
  const sent = await scene.send(user_id, channel, body, { client_id });
  return sent.ok ? sent.value.seq : sent.refusal.code;
}

/** Two starts; what is there afterwards. */
async function startAgain(place: string, options: LevelOptions, known: Rows): Promise<string> {
  const store = await openLevelStore(place, options);
  try {
    const scene = await openScene(PEOPLE, store as ShardStore as FakeStore);
    await scene.restart();
    return await dump(store, known);
  } finally {
    await store.close();
  }
}
