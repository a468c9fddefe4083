/**
 * A disk that fills up on command. Two ways: a small file system of its own, full for real (`ENOSPC`; mounting needs
 * root), or a limit on the size of the server's files (`EFBIG`; Linux, any user).
 */
import { rmSync, statfsSync, writeFileSync } from "node:fs";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import type { RigServer, StartOptions } from "./server.testing.ts";
import { temporary } from "./server.testing.ts";

export type Disk = {
  /** How a server that lives on it is started. */
  options: StartOptions;
  /** From now on writing fails. */
  fill(server: RigServer): void;
  /** From now on it works again. */
  free(server: RigServer): void;
  end(): void;
};

const SIZE_MB = 96;
const MEGABYTE = 1024 * 1024;

/** A tmpfs where mounting is allowed, else a file of the same size with a file system in it; undefined where neither is. */
export function mountDisk(): Disk | undefined {
  const place = temporary("disk");
  if (!mountTmpfs(place) && !mountLoop(place)) return undefined;
  const ballast = join(place, "ballast");
  return {
    options: { data: join(place, "data") },
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

function mountTmpfs(place: string): boolean {
  return run("mount", "-t", "tmpfs", "-o", `size=${SIZE_MB}m`, "tmpfs", place);
}

function mountLoop(place: string): boolean {
  const image = join(temporary("image"), "disk.img");
  writeFileSync(image, new Uint8Array(SIZE_MB * MEGABYTE));
  return run("mkfs.ext4", "-q", "-F", image) && run("mount", "-o", "loop", image, place);
}

/** To the last block: a few bytes at a time at the end, while the server takes and gives back. */
function fillUp(place: string, ballast: string): void {
  for (const step of [MEGABYTE, 4096]) {
    for (;;) {
      const { bavail, bsize } = statfsSync(place);
      if (bavail * bsize < step) break;
      try {
        appendFileSync(ballast, new Uint8Array(step));
      } catch (error) {
        if ((error as { code?: string }).code === "ENOSPC") break;
        throw error;
      }
    }
  }
}

/** The server's files may not grow beyond a size that they have already. */
export function limitedDisk(): Disk {
  if (!run("prlimit", "--version")) throw new Error("there is no prlimit on this machine");
  const limit = (server: RigServer, bytes: string): void => {
    if (!run("prlimit", "--pid", String(server.pid), `--fsize=${bytes}:unlimited`)) {
      throw new Error(`prlimit cannot set ${bytes}`);
    }
  };
  return {
    // Without the trap the signal that comes with the error would end the server.
    options: {
      data: temporary("limited"),
      wrapper: ["sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh"],
    },
    fill: (server) => limit(server, "4096"),
    free: (server) => limit(server, "unlimited"),
    end: () => {},
  };
}
