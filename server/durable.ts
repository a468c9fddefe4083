/** Files that are there after a power cut. */
import { open } from "node:fs/promises";

/** Makes the file, which must not be there, for its owner only. */
export async function writeDurably(path: string, text: string): Promise<void> {
  const handle = await open(path, "wx", 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Of a directory: the names in it; of a file: what was written to it by others. */
export async function syncPath(path: string, flags: "r" | "r+" = "r"): Promise<void> {
  const handle = await open(path, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
