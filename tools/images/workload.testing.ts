/**
 * The process under the shim: a real shard on a real store, with people who talk. Every commit is written down with its
 * rows before it begins; marks in the trace say when it began and when it was acknowledged. It ends without closing.
 *
 * Arguments: the directory of the store, the file of the commits, the seed, the number of the session, of operations.
 */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { dlopen } from "bun:ffi";
import type { FakeStore } from "@damso/contracts/fakes/shard-store";
import type { ChannelId } from "@damso/protocol/ids";
import type { ShardStore } from "@damso/core/ports/store";
import type { Scene } from "@damso/core/shard/scene.testing";
import { openScene, START_MS } from "@damso/core/shard/scene.testing";
import { openLevelStore } from "@damso/adapters/leveldb/store";
import { createRandom } from "../rig/random.testing.ts";
import type { Random } from "../rig/random.testing.ts";
import type { CommitNote, SentNote } from "./commits.testing.ts";
import { PEOPLE, SESSION_MS, WRITE_BUFFER_BYTES } from "./commits.testing.ts";
import { beginMark, doneMark } from "./trace.testing.ts";

type Notes = { file: string; next: number; sent: SentNote[] };

const [path = "", file = "", seed = "0", session = "0", operations = "0"] = process.argv.slice(2);
const shim = dlopen(process.env["LD_PRELOAD"] ?? "", {
  damso_mark: { args: ["u32"], returns: "void" },
});

function countLines(): number {
  if (!existsSync(file)) return 0;
  return readFileSync(file, "utf8").split("\n").length - 1;
}

function recorded(store: ShardStore, notes: Notes): ShardStore {
  return {
    ...store,
    async commit(puts) {
      const n = notes.next++;
      // What was answered so far rests on commits that were acknowledged.
      const note: CommitNote = { n, puts, sent: notes.sent.splice(0) };
      appendFileSync(notes.file, `${JSON.stringify(note)}\n`);
      shim.symbols.damso_mark(beginMark(n));
      await store.commit(puts);
      shim.symbols.damso_mark(doneMark(n));
    },
  };
}

async function talk(scene: Scene, random: Random, notes: Notes): Promise<void> {
  const [ann, ben, cho] = scene.people as [never, never, never];
  const group = await scene.group(ann, [ben, cho]);
  for (let at = 0; at < Number(operations); at++) {
    scene.time.now += random.int(1, 2000);
    const more = Array.from({ length: random.int(1, 4) }, () => one(scene, random, group, notes));
    await Promise.all(more);
  }
}

async function one(scene: Scene, random: Random, group: ChannelId, notes: Notes): Promise<void> {
  const [a, b] = [random.pick(scene.people), random.pick(scene.people)];
  const inGroup = random.chance(0.4);
  const user_id = inGroup ? (scene.people[random.int(0, 2)] as typeof a) : a;
  const channel = inGroup ? group : scene.direct(a, b);
  const client_id = scene.client_id();
  const body = bodyOf(random);
  const sent = await scene.send(user_id, channel, body, { client_id });
  if (!sent.ok) return;
  const { seq } = sent.value;
  notes.sent.push({ user_id, channel, client_id, body, seq });
  const what = random.next();
  if (what < 0.1) await scene.ask({ kind: "delete", user_id, channel, seq });
  else if (what < 0.2) {
    await scene.ask({ kind: "edit", user_id, channel, seq, body: `${body} edited` });
  }
  if (random.chance(0.2)) await scene.ask({ kind: "read", user_id, channel, seq });
}

/** Random letters, so that they stay as long as they are when they are packed. */
function bodyOf(random: Random): string {
  const bytes = random.chance(0.08) ? random.int(3000, 40_000) : random.int(1, 300);
  return Array.from({ length: bytes }, () => random.int(0, 35).toString(36)).join("");
}

const store = await openLevelStore(path, { write_buffer_bytes: WRITE_BUFFER_BYTES });
const notes: Notes = { file, next: countLines() + 1, sent: [] };
const scene = await openScene(PEOPLE, recorded(store, notes) as FakeStore);
scene.time.now = START_MS + Number(session) * SESSION_MS;
await talk(scene, createRandom(Number(seed) + Number(session)), notes);
await recorded(store, notes).commit([]);
process.exit(0);
