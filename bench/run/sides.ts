import { join } from "node:path";
import type { LoadPlan, Outcome } from "../generator/plan.ts";
import { cpuSeconds } from "../measure/process.ts";
import {
  createGroup,
  floorAccounts,
  realAccounts,
  type Accounts,
  type Session,
} from "./accounts.ts";
import { generate } from "./generate.ts";
import { damsoCommand, floorCommand, startServer, type Command, type Server } from "./servers.ts";

/** The two that are compared. */
export type SideName = "floor" | "damso";

/** One server with its users, ready for any phase. */
export interface Side {
  readonly name: SideName;
  readonly group: string;
  server: Server;
  readonly sessions: readonly Session[];
  readonly accounts: Accounts;
  readonly directory: string;
}

/** Users of a run; they make 100 pairs, and the first 100 of them the group. */
export const users = 200;
const groupMembers = 100;

const commands: Record<SideName, Command> = { floor: floorCommand, damso: damsoCommand };
const sources: Record<SideName, Accounts> = { floor: floorAccounts, damso: realAccounts };

/** Starts one side on a fresh directory below `parent` and makes its users and its group. */
export async function openSide(name: SideName, parent: string): Promise<Side> {
  const directory = join(parent, name);
  const server = await startServer(commands[name], directory);
  const accounts = sources[name];
  const sessions = await accounts.signUp(server.origin, users);
  const group = await createGroup(server.origin, sessions.slice(0, groupMembers));
  return { name, group, server, sessions, accounts, directory };
}

/** Runs one load against a side that has come to rest. */
export async function runLoad(side: Side, load: LoadPlan): Promise<Outcome> {
  await side.accounts.renew(side.server.origin, side.sessions);
  await rest(side.server.pid);
  const outcome = await generate({
    origin: side.server.origin,
    server_pid: side.server.pid,
    accounts: "channel" in load ? side.sessions.slice(0, groupMembers) : side.sessions,
    load,
  });
  if (side.server.alive()) return outcome;
  throw new Error(`the ${side.name} server ended by itself:\n${await side.server.output()}`);
}

/**
 * Memory of idle sockets, each of a session of its own, on a server that was just started again:
 * what a load left in its heap would hide them.
 */
export async function runIdle(
  side: Side,
  sockets: number,
  settle_seconds: number,
): Promise<Outcome> {
  const sessions = await side.accounts.logIn(side.server.origin, side.sessions, sockets);
  await side.server.stop();
  side.server = await startServer(commands[side.name], side.directory);
  return runLoad({ ...side, sessions }, { kind: "idle", settle_seconds });
}

const restMilliseconds = 200;
const restLongestMilliseconds = 4000;
const restShare = 0.06;

/** Waits until a server has finished what the last phase left it (compactions), 4 s at most. */
async function rest(pid: number): Promise<void> {
  const deadline = Date.now() + restLongestMilliseconds;
  for (let busy = true; busy && Date.now() < deadline;) {
    const before = cpuSeconds(pid);
    await Bun.sleep(restMilliseconds);
    busy = (cpuSeconds(pid) - before) * 1000 > restMilliseconds * restShare;
  }
}
