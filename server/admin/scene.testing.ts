/** A whole server in memory, administered by a token and, if so wished, by its first user. */
import type { NodeRecord } from "@damso/core/ports/discovery";
import { openWhole } from "../api/whole.testing.ts";
import type { Whole } from "../api/whole.testing.ts";
import { identify } from "../api/auth.ts";
import type { Got } from "../api/scene.testing.ts";
import { createCounters } from "../gateway/counters.ts";
import { createLog } from "../log.ts";
import type { LogOptions } from "../log.ts";
import { systemTimers } from "../timers.ts";
import { createAccess } from "./access.ts";
import { createAdministration } from "./admin.ts";
import type { AdministrationDeps } from "./admin.ts";

export const TOKEN = "a-token-of-the-operator";

export type AdminScene = Whole & {
  /** Calls with the token. */
  admin(method: string, path: string, body?: unknown): Promise<Got>;
  nodes: NodeRecord[];
  lines: string[];
  log_level: LogOptions;
};

export type AdminOptions = {
  token?: string;
  first_user?: boolean;
  changes?: Partial<AdministrationDeps>;
};

export async function openAdminScene(options: AdminOptions = {}): Promise<AdminScene> {
  const nodes: NodeRecord[] = [];
  const lines: string[] = [];
  const log_level: LogOptions = {
    level: "info",
    format: "json",
    clock: { now: () => 0 },
    write: (line) => void lines.push(line),
  };
  const whole = await openWhole({
    admin: (parts) => {
      const { accounts, auth, clock } = parts;
      const access = createAccess({
        token: options.token ?? TOKEN,
        first_user: options.first_user ?? false,
        users: accounts.users,
        identify: (request) => identify({ auth, origins: [] }, request),
        clock,
      });
      return createAdministration({
        ...parts,
        ...standing(nodes),
        access,
        log: createLog(log_level),
        log_level,
        ...options.changes,
      });
    },
  });
  const admin: AdminScene["admin"] = (method, path, body) => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    return whole.call(method, path, body === undefined ? { headers } : { headers, body });
  };
  return Object.assign(whole, { admin, nodes, lines, log_level });
}

/** A node that stands still. */
function standing(nodes: NodeRecord[]) {
  return {
    node_id: "node-1",
    version: "1.2.3",
    discovery: { list: async () => nodes, owners: async () => new Map([[0, "node-2"]]) },
    in_cluster: false,
    counters: createCounters(),
    sizes: () => ({ channels: 3 }),
    commits: async () => ({ count: 0, seconds: 0, rows: 0, buckets: [] }),
    usage: () => ({ memory_bytes: 1, heap_bytes: 1, cpu_seconds: 0.5, uptime_seconds: 2 }),
    unready: () => [],
    failure: () => undefined,
    timers: systemTimers,
    monotonic: () => 0,
  };
}
