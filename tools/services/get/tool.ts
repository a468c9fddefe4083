/** The programs of other people that fetch and build the servers. */

/** A program is not on this machine: its message says in one line which, what for, and how to get it. */
export class ToolMissing extends Error {
  override name = "ToolMissing";
}

/** What `look` finds missing, in one line; undefined when nothing is. */
export async function missingTool(look: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await look();
    return undefined;
  } catch (error) {
    if (error instanceof ToolMissing) return error.message;
    throw error;
  }
}

/**
 * The path of a program.
 * @param why what it is needed for: `it builds nats-server`
 * @param remedy how to get it: `install Go 1.25 or newer`
 * @throws ToolMissing
 */
export function findTool(program: string, why: string, remedy: string): string {
  const path = Bun.which(program);
  if (path === null) throw new ToolMissing(`${program} is missing (${why}): ${remedy}`);
  return path;
}

const BUILD_MS_MAX = 40 * 60_000;

/** What a command is run with beside its words. */
export type Surroundings = { cwd?: string; env?: Record<string, string> };

/**
 * Runs a command to its end at low priority: builds leave the machine to whoever works on it.
 * @returns what it printed to both outputs
 * @throws an error with all of that when it ends with anything but 0
 */
export async function run(
  command: readonly string[],
  { cwd = ".", env = {} }: Surroundings = {},
): Promise<string> {
  const nice = Bun.which("nice") === null ? [] : ["nice", "-n", "10"];
  const child = Bun.spawn([...nice, ...command], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    // A registry that does not answer must not hold up whoever waits.
    timeout: BUILD_MS_MAX,
  });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}:\n${out}${err}`);
  return out + err;
}
