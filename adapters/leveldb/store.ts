/**
 * The embedded `ShardStore`: LevelDB, one atomic fsynced batch per commit.
 * Source of the guarantees: LevelDB's write-ahead log with `sync`, one process per directory by its lock file.
 */
import { open, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ClassicLevel } from "classic-level";
import type { RawRow, Scans } from "@damso/core/ports/rows";
import type { Entry, Range, ShardStore } from "@damso/core/ports/store";
import type { KeyOf, Put, RowOf, TableName } from "@damso/core/tables";
import { syncDirectory } from "../disk/sync.ts";
import { createLatch } from "./latch.ts";
import { decodeKey, encodeKey, encodeRange, encodeTable } from "./keys.ts";

type Db = ClassicLevel<string, string>;
type Op = { type: "put"; key: string; value: string } | { type: "del"; key: string };

/** What must be writable before a failed store is opened again: opening rewrites the log, and may not fail half way. */
const PROBE_BYTES = 8 * 1024 * 1024;
const CACHE_BYTES = 64 * 1024 * 1024;
const WRITE_BUFFER_BYTES = 16 * 1024 * 1024;
/** Of one step of a scan: a row may have 600 KB. */
const SCAN_ROWS = 100;

/** `write_buffer_bytes`: how much is in one log before its rows go into tables; the tests change files often. */
export type LevelOptions = { write_buffer_bytes?: number };

/** Another process has the directory. */
export const LOCKED = "store_locked";

/**
 * LevelDB's first step is a manifest that it does not sync, and its last a new name for `CURRENT`, which it does not
 * sync either. So the names are synced before anything is committed; and when a store does not open whose `CURRENT`
 * still names that first manifest, no opening came to its end, nothing was ever acknowledged, and it is begun anew.
 */
async function openDb(path: string, options: LevelOptions): Promise<Db> {
  const db = await openOnce(path, options).catch(async (error: { code?: string }) => {
    if (error.code === LOCKED || !(await isUnborn(path))) throw error;
    await ClassicLevel.destroy(path);
    return openOnce(path, options);
  });
  await syncDirectory(path);
  return db;
}

const FIRST_MANIFEST = "MANIFEST-000001\n";

async function isUnborn(path: string): Promise<boolean> {
  const current = await readFile(join(path, "CURRENT"), "utf8").catch(() => undefined);
  return current === FIRST_MANIFEST;
}

async function openOnce(path: string, options: LevelOptions): Promise<Db> {
  const db: Db = new ClassicLevel(path, {
    keyEncoding: "utf8",
    valueEncoding: "utf8",
    cacheSize: CACHE_BYTES,
    writeBufferSize: options.write_buffer_bytes ?? WRITE_BUFFER_BYTES,
  });
  try {
    await db.open();
  } catch (error) {
    const cause = (error as { cause?: { code?: string } }).cause;
    if (cause?.code === "LEVEL_LOCKED")
      throw Object.assign(new Error(`${path} is in use`), { code: LOCKED });
    throw error;
  }
  return db;
}

function toOp(put: Put): Op {
  const key = encodeKey(put.table, put.key);
  if (put.row === null) return { type: "del", key };
  return { type: "put", key, value: put.json ?? JSON.stringify(put.row) };
}

/** Throws when `path` cannot take what a reopening writes: no space, no permission, a broken disk. */
async function probe(path: string): Promise<void> {
  const file = join(path, "probe.tmp");
  try {
    await writeFile(file, new Uint8Array(PROBE_BYTES));
    const handle = await open(file, "r+");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } finally {
    await rm(file, { force: true });
  }
}

/** Errors: code `store_locked` when another process has it open; what LevelDB reports otherwise. */
export async function openLevelStore(
  path: string,
  options: LevelOptions = {},
): Promise<ShardStore & Scans> {
  let db = await openDb(path, options);
  // After a failed batch LevelDB may take the next one and write it behind a torn record, where no opening finds it.
  const latch = createLatch();
  // While the store is opened again, reads wait here for the new one.
  let reopening: Promise<void> | undefined;

  async function ready(): Promise<Db> {
    if (reopening) await reopening;
    return db;
  }

  async function reopen(): Promise<void> {
    await db.close();
    db = await openDb(path, options);
    latch.reset();
  }

  return {
    async commit(puts) {
      if (puts.length === 0) return;
      await latch.run(() => db.batch(puts.map(toOp), { sync: true }));
    },
    async get<T extends TableName>(table: T, key: KeyOf<T>) {
      const text = await (await ready()).get(encodeKey(table, key));
      return text === undefined ? undefined : (JSON.parse(text) as RowOf<T>);
    },
    async many<T extends TableName>(table: T, keys: readonly KeyOf<T>[]) {
      const texts = await (await ready()).getMany(keys.map((key) => encodeKey(table, key)));
      return texts.map((text) => (text === undefined ? undefined : (JSON.parse(text) as RowOf<T>)));
    },
    async range<T extends TableName>(table: T, range: Range) {
      const { gte, lt } = encodeRange(table, range.prefix, range.from, range.to);
      const options = { gte, lt, limit: range.limit, reverse: range.reverse === true };
      const found = await (await ready()).iterator(options).all();
      return found.map(([key, text]): Entry<T> => ({
        key: decodeKey(table, key),
        row: JSON.parse(text) as RowOf<T>,
      }));
    },
    async *scan(table) {
      const rows = (await ready()).iterator(encodeTable(table));
      try {
        for (let page = await rows.nextv(SCAN_ROWS); page.length > 0;) {
          yield page.map(([key, json]): RawRow => ({ key: decodeKey(table, key), json }));
          page = await rows.nextv(SCAN_ROWS);
        }
      } finally {
        await rows.close();
      }
    },
    async recover() {
      await probe(path);
      reopening ??= reopen().finally(() => (reopening = undefined));
      await reopening;
    },
    async close() {
      if (reopening) await reopening;
      await db.close();
    },
  };
}
