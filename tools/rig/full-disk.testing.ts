/**
 * A disk that fills up on command. Two ways: a small file system of its own, full for real (`ENOSPC`; mounting needs
 * root), or a limit on the size of the server's files (`EFBIG`; Linux, any user).
 */
import { appendFileSync, rmSync, statfsSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RigServer, StartOptions } from "./server.ts";
import { temporary } from "./server.ts";

export type Disk = {
  /** How a server that lives on it is started. */
  options: StartOptions;
  /** From now on writing fails. */
  fill(server: RigServer): void;
  /** From now on it works again. */
  free(server: RigServer): void;
  end(): void;
};

/** A file system for whoever writes there. */
export type Mounted = {
  /** Its folder. */
  place: string;
  /** From now on nobody can write more. */
  fill(): void;
  free(): void;
  /** Nobody may use it any more. */
  end(): void;
};

const SMALL_MB = 96;
const MEGABYTE = 1024 * 1024;
/** Without the trap the signal that comes with the error would end the server. */
export const TRAPPED: readonly string[] = ["sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh"];

export function mountDisk(size_mb?: number): Disk | undefined {
  const mounted = mount(size_mb);
  return mounted && { options: { data: join(mounted.place, "data") }, ...mounted };
}

/**
 * A tmpfs where mounting is allowed, else a file of the same size with a file system in it; undefined where neither is.
 * A large one is never in memory.
 */
export function mount(size_mb: number = SMALL_MB): Mounted | undefined {
  const place = temporary("disk");
  const small = size_mb <= SMALL_MB;
  if (!(small && mountTmpfs(place, size_mb)) && !mountLoop(place, size_mb)) return undefined;
  const ballast = join(place, "ballast");
  return {
    place,
    fill: () => fillUp(place, ballast),
    free: () => rmSync(ballast),
    end: () => void run("umount", place),
  };
}

function run(...command: string[]): boolean {
  try {
    return Bun.spawnSync(command, { stdio: ["ignore", "ignore", "ignore"] }).exitCode === 0;
  } catch {
    return false;
  }
}

function mountTmpfs(place: string, size_mb: number): boolean {
  return run("mount", "-t", "tmpfs", "-o", `size=${size_mb}m`, "tmpfs", place);
}

function mountLoop(place: string, size_mb: number): boolean {
  const image = join(temporary("image"), "disk.img");
  writeFileSync(image, "");
  truncateSync(image, size_mb * MEGABYTE);
  // No blocks that only root may take, who may be the one that is to find it full; and no waiting for the disk under the
  // file: nothing here ends the power.
  const isMade = run("mkfs.ext4", "-q", "-F", "-m", "0", image);
  return isMade && run("mount", "-o", "loop,barrier=0", image, place);
}

/** To the last block: a few bytes at a time at the end, while the server takes and gives back. */
function fillUp(place: string, ballast: string): void {
  const { bavail, bsize } = statfsSync(place);
  const most = bavail * bsize - 4 * MEGABYTE;
  if (most > 0) run("fallocate", "-l", String(most), ballast);
  for (const step of [MEGABYTE, 4096]) {
    // What is said to be free is not all that root may take.
    for (;;) {
      try {
        appendFileSync(ballast, new Uint8Array(step));
      } catch (error) {
        if ((error as { code?: string }).code === "ENOSPC") break;
        throw error;
      }
    }
  }
}

/** From now on the server's files may not grow beyond this size; needs `TRAPPED`. */
export function limitServer(server: RigServer, bytes: string): void {
  if (!run("prlimit", "--pid", String(server.pid), `--fsize=${bytes}:unlimited`)) {
    throw new Error(`prlimit cannot set ${bytes}`);
  }
}

/** The server's files may not grow beyond a size that they have already. */
export function limitedDisk(): Disk {
  if (!run("prlimit", "--version")) throw new Error("there is no prlimit on this machine");
  return {
    options: { data: temporary("limited"), wrapper: TRAPPED },
    fill: (server) => limitServer(server, "4096"),
    free: (server) => limitServer(server, "unlimited"),
    end: () => {},
  };
}
