/**
 * What may be on a disk after its power went away in the middle of a trace. Assumed of the file system, and of nothing
 * more than ext4, XFS and others with a journal give:
 *
 * - What was written before a sync of the file that returned is there.
 * - Of what was written to it since, any prefix is there; or the length is, and some pages of 4 KiB hold zeros.
 * - Creations, renames and removals become durable in the order in which they were made. A sync of a file makes its
 *   creation durable, and so what was before it; a sync of the directory makes all of them.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Random } from "../rig/random.testing.ts";
import type { Event } from "./trace.testing.ts";

type Inode = { data: Buffer; length: number; synced: number; created: number };
type NameChange =
  | { op: "create"; path: string; inode: Inode }
  | { op: "rename"; path: string; to: string }
  | { op: "unlink"; path: string };

export type Disk = {
  changes: NameChange[];
  /** So many of the changes are there for sure. */
  durable: number;
  inodes: Inode[];
};

const PAGE_BYTES = 4096;

type Replay = { disk: Disk; names: Map<string, Inode>; pending: Map<string, () => void> };

/** The disk as the events before `cut` left it. */
export function diskAt(events: readonly Event[], cut: number): Disk {
  const disk: Disk = { changes: [], durable: 0, inodes: [] };
  const replay: Replay = { disk, names: new Map(), pending: new Map() };
  for (const event of events.slice(0, cut)) step(replay, event);
  return disk;
}

function step(replay: Replay, event: Event): void {
  const { names, pending } = replay;
  if (event.op === "mark") return;
  const { path } = event;
  if (event.op === "create") create(replay, path);
  if (event.op === "append" && !names.has(path)) create(replay, path);
  if (event.op === "write") append(fileOf(names, path), event.data);
  if (event.op === "sync") pending.set(path, startSync(replay, path));
  if (event.op === "synced") pending.get(path)?.();
  if (event.op === "rename") {
    names.set(event.to, fileOf(names, path));
    names.delete(path);
    replay.disk.changes.push({ op: "rename", path, to: event.to });
  }
  if (event.op === "unlink") {
    names.delete(path);
    replay.disk.changes.push({ op: "unlink", path });
  }
}

function create({ disk, names }: Replay, path: string): void {
  const inode = { data: Buffer.alloc(0), length: 0, synced: 0, created: disk.changes.length };
  disk.inodes.push(inode);
  disk.changes.push({ op: "create", path, inode });
  names.set(path, inode);
}

function fileOf(names: Map<string, Inode>, path: string): Inode {
  const inode = names.get(path);
  if (!inode) throw new Error(`the trace writes to ${path} before it is there`);
  return inode;
}

function append(inode: Inode, data: Buffer): void {
  const length = inode.length + data.length;
  if (length > inode.data.length) {
    const larger = Buffer.alloc(Math.max(length, 2 * inode.data.length));
    inode.data.copy(larger, 0, 0, inode.length);
    inode.data = larger;
  }
  data.copy(inode.data, inode.length);
  inode.length = length;
}

/** What the sync will have made durable when it returns: what was there when it began. */
function startSync({ disk, names }: Replay, path: string): () => void {
  const inode = path === "" ? undefined : fileOf(names, path);
  const length = inode?.length ?? 0;
  const changes = inode ? inode.created + 1 : disk.changes.length;
  return () => {
    if (inode) inode.synced = Math.max(inode.synced, length);
    disk.durable = Math.max(disk.durable, changes);
  };
}

/** How much of what was not synced is there: nothing, everything, or a different part of every file. */
export type Luck = "nothing" | "everything" | "changes only" | "data only" | "by chance";
export const LUCKS: readonly Luck[] = [
  "nothing",
  "everything",
  "changes only",
  "data only",
  "by chance",
];

/** Makes one of the possible states real, in a directory. */
export function writeImage(disk: Disk, luck: Luck, random: Random, place: string): void {
  const names = new Map<string, Inode>();
  const most = disk.changes.length;
  const changes =
    luck === "nothing" || luck === "data only"
      ? disk.durable
      : luck === "by chance"
        ? random.int(disk.durable, most)
        : most;
  for (const change of disk.changes.slice(0, changes)) rename(names, change);
  mkdirSync(place, { recursive: true });
  for (const [path, inode] of names)
    writeFileSync(join(place, path), contentOf(inode, luck, random));
}

function rename(names: Map<string, Inode>, change: NameChange): void {
  if (change.op === "create") names.set(change.path, change.inode);
  if (change.op === "unlink") names.delete(change.path);
  if (change.op !== "rename") return;
  const inode = names.get(change.path);
  if (inode) names.set(change.to, inode);
  names.delete(change.path);
}

function contentOf({ data, length, synced }: Inode, luck: Luck, random: Random): Buffer {
  if (luck === "nothing" || luck === "changes only") return data.subarray(0, synced);
  if (luck === "everything" || luck === "data only") return data.subarray(0, length);
  if (random.chance(0.2)) return data.subarray(0, synced);
  if (random.chance(0.6)) return data.subarray(0, random.int(synced, length));
  return withHoles(Buffer.from(data.subarray(0, length)), synced, random);
}

function withHoles(data: Buffer, synced: number, random: Random): Buffer {
  const first = Math.floor(synced / PAGE_BYTES);
  for (let page = first; page * PAGE_BYTES < data.length; page++) {
    if (random.chance(0.5)) continue;
    data.fill(
      0,
      Math.max(synced, page * PAGE_BYTES),
      Math.min(data.length, (page + 1) * PAGE_BYTES),
    );
  }
  return data;
}
