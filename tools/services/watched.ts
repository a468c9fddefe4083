/**
 * Processes that end when this one does, also when this one is killed: each is started by a small shell
 * that reads from a pipe whose other end only we hold. The end of the pipe is the end of the server.
 */
import type { Subprocess } from "bun";
import { existsSync, readFileSync } from "node:fs";

export type Command = {
  command: readonly string[];
  /** Gets all that it prints, appended. */
  log: string;
  cwd: string;
  env?: Record<string, string>;
  /** Removed, with all in it, when the pipe ends. */
  remove: string;
  /** What ends it at once without leaving something of it behind: for most KILL. */
  ending: "KILL" | "QUIT";
};

export type Watched = {
  pid: number;
  isRunning(): boolean;
  exited: Promise<void>;
  /** To the process and to the processes that it started. Nothing happens when it is gone. */
  signal(name: "SIGKILL" | "SIGSTOP" | "SIGCONT"): Promise<void>;
  /** To the process alone, which does with it what it likes. Nothing happens when it is gone. */
  tell(name: "SIGTERM" | "SIGUSR2"): void;
  /** Ends it as the end of this process would, with what there is to remove. */
  end(): Promise<void>;
};

/**
 * $1 log, $2 signal, $3 what is removed, then the command. Two readers of one fate: the outer shell waits
 * for the server, and while it does nobody else can get the server's process id; the inner one waits for
 * the end of the pipe. When the server ends by itself, the outer one ends the inner one, whose status then
 * says that the pipe never ended: nothing is removed, and the server can be started again on its data.
 * Around both a third one waits, because a child of a killed process may be killed with it, and a grandchild is not.
 */
const SCRIPT = `
log=$1; signal=$2; remove=$3; shift 3
exec 3<&0
(
"$@" </dev/null >>"$log" 2>&1 3<&- &
server=$!
echo "$server"
exec >/dev/null
( read -r word <&3; trap '' TERM; kill -s "$signal" "$server"; kill -s CONT "$server"; exit 7 ) &
pipe=$!
wait "$server"
kill "$pipe"
wait "$pipe"
[ $? = 7 ] && rm -rf "$remove"
exit 0
) &
exec >/dev/null
wait $!
`;

/** They are held here because a collected child would lose its pipe, and with it its life. */
const held = new Set<Subprocess>();

export async function startWatched(options: Command): Promise<Watched> {
  const { command, log, cwd, env = {}, remove, ending } = options;
  const child = Bun.spawn(["sh", "-c", SCRIPT, "sh", log, ending, remove, ...command], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["pipe", "pipe", "ignore"],
    // Ctrl-C in a terminal goes to us, and it is us who ends the servers.
    detached: true,
  });
  held.add(child);
  // A server does not keep this process alive, but somebody who waits for its end does.
  child.unref();
  let running = true;
  const exited = child.exited.then(() => {
    running = false;
    held.delete(child);
  });
  const pid = await firstNumber(child.stdout);
  return {
    pid,
    isRunning: () => running,
    exited,
    signal: async (name) => {
      if (name === "SIGKILL") child.ref();
      if (running) await signalFamily(pid, name);
    },
    tell: (name) => {
      child.ref();
      if (running) send(pid, name);
    },
    end: async () => {
      child.ref();
      await child.stdin.end();
      await exited;
    },
  };
}

async function firstNumber(stream: ReadableStream<Uint8Array>): Promise<number> {
  const text = await new Response(stream).text();
  const pid = Number(text.trim());
  if (!Number.isInteger(pid) || pid <= 1) throw new Error(`a server did not start: ${text}`);
  return pid;
}

/**
 * The parent is stopped before we look for its children, so that it starts none in between; and it is
 * killed last, because children without a parent can no longer be told from strangers.
 */
async function signalFamily(pid: number, name: NodeJS.Signals): Promise<void> {
  if (name !== "SIGCONT") send(pid, "SIGSTOP");
  for (const child of await childrenOf(pid)) send(child, name);
  send(pid, name);
}

/** Linux tells them in a file; elsewhere `ps` knows, which a small Linux may not have. */
async function childrenOf(pid: number): Promise<number[]> {
  const known = `/proc/${pid}/task/${pid}/children`;
  if (existsSync(known)) return readFileSync(known, "utf8").split(" ").filter(Boolean).map(Number);
  if (process.platform === "linux") return [];
  const listing = await new Response(Bun.spawn(["ps", "-Ao", "pid=,ppid="]).stdout).text();
  return childrenIn(pid, listing);
}

/** Reads a listing with one process a line: its id, then its parent's. */
export function childrenIn(pid: number, listing: string): number[] {
  return listing
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === pid)
    .map(([child = 0]) => child);
}

function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // It has ended between the look and the signal.
    if ((error as { code?: string }).code !== "ESRCH") throw error;
  }
}
