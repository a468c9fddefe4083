/** A lock between processes that a crash cannot leave behind. */
import { Database } from "bun:sqlite";

const AGAIN_MS = 100;
/** As long as the slowest build may take. */
const DEADLINE_MS = 30 * 60_000;

/**
 * Runs `work` while no other process does under the same path.
 *
 * The lock is SQLite's own on an empty database: the system gives it back when its holder dies, which
 * a file that merely exists does not, and nobody has to guess whether a process id is still the same.
 * @param path a file for nothing but this; it stays
 * @throws when another process holds it for longer than `deadline_ms`
 */
export async function locked<T>(
  path: string,
  work: () => Promise<T>,
  deadline_ms: number = DEADLINE_MS,
): Promise<T> {
  const database = new Database(path);
  try {
    await take(database, path, deadline_ms);
    return await work();
  } finally {
    database.close();
  }
}

async function take(database: Database, path: string, deadline_ms: number): Promise<void> {
  const end = performance.now() + deadline_ms;
  database.run("PRAGMA busy_timeout = 0");
  while (!tryTake(database)) {
    if (performance.now() > end) throw new Error(`another process holds ${path}`);
    await Bun.sleep(AGAIN_MS);
  }
}

function tryTake(database: Database): boolean {
  try {
    database.run("BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if ((error as { code?: string }).code?.startsWith("SQLITE_BUSY") === true) return false;
    throw error;
  }
}
