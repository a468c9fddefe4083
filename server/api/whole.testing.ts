/** Everything that answers an HTTP call, but for disks: API, sessions, relay, gateway, bus and one shard. */
import { createBus } from "@damso/adapters/inprocess/bus";
import { memoryAccounts } from "@damso/contracts/fakes/accounts";
import { createFakeStore } from "@damso/contracts/fakes/shard-store";
import type { Accounts } from "@damso/core/ports/accounts";
import type { Bus } from "@damso/core/ports/bus";
import type { Clock } from "@damso/core/ports/clock";
import type { Reads } from "@damso/core/ports/store";
import { createShard } from "@damso/core/shard/shard";
import { uuidV7 } from "@damso/protocol/ids";
import type { ClientId, UserId } from "@damso/protocol/ids";
import { LIMITS } from "@damso/protocol/limits";
import type { Administration } from "../admin/admin.ts";
import type { Auth } from "../auth/sessions.ts";
import { openScene, PASSWORD } from "../auth/scene.testing.ts";
import { createCounters } from "../gateway/counters.ts";
import { createGateway } from "../gateway/gateway.ts";
import { createRateLimits } from "../gateway/limits.ts";
import { createTypingLimit } from "../gateway/typing.ts";
import { SILENT } from "../log.ts";
import { createRelay } from "../relay/relay.ts";
import type { Relay } from "../relay/relay.ts";
import { systemTimers } from "../timers.ts";
import { createScene } from "./scene.testing.ts";
import type { Got, Scene } from "./scene.testing.ts";

export type Client = {
  user_id: UserId;
  device_id: string;
  /** Calls as this user; the body, or the code of the refusal. */
  ask(method: string, path: string, body?: unknown): Promise<Got>;
};

export type Whole = Scene & {
  signUp(username: string): Promise<Client>;
  logIn(username: string): Promise<Client>;
  client_id(): ClientId;
  stop(): Promise<void>;
};

export type WholeParts = {
  accounts: Accounts;
  auth: Auth;
  bus: Bus;
  clock: Clock;
  relay: Relay;
  rows: Reads;
};

export async function openWhole(
  options: { admin?: (parts: WholeParts) => Administration } = {},
): Promise<Whole> {
  const accounts = memoryAccounts();
  const { auth, clock, live } = openScene({ accounts });
  const bus = createBus();
  const rows = createFakeStore();
  const shard = await createShard({
    shard: 0,
    store: rows,
    directory: accounts.directory,
    bus,
    push: { push: async () => undefined },
    soon: queueMicrotask,
    clock,
    observe: { committed() {}, failed() {}, recovered() {}, warned() {} },
  });
  bus.serve((command) => shard.request(command));
  const typing = createTypingLimit(clock);
  const gateway = createGateway({
    gateway_id: "g1",
    bus,
    clock,
    monotonic: () => clock.now(),
    timers: systemTimers,
    authenticate: auth.authenticate,
    isAlive: (who) => live.isAlive({ ...who, generation: 0, expires_at: 0 }),
    used: (session_id) => live.note(session_id),
    limits: LIMITS,
    rate_limits: createRateLimits(clock, { on: false }),
    typing,
    log: SILENT,
    counters: createCounters(),
  });
  bus.attachGateway("g1", gateway.deliver);
  const random = { next: Math.random };
  const relay = createRelay({
    outbox: accounts.outbox,
    bus,
    timers: systemTimers,
    random,
    log: SILENT,
  });
  relay.start();
  const admin = options.admin?.({ accounts, auth, bus, clock, relay, rows });
  const scene = createScene({
    accounts,
    auth,
    bus,
    clock,
    gateway,
    relay,
    typing,
    ...(admin && { admin }),
  });
  const enter = async (path: string, body: object): Promise<Client> => {
    const { body: grant } = await scene.call("POST", path, { body });
    const headers = { authorization: `Bearer ${String(grant["access_token"])}` };
    return {
      user_id: grant["user_id"] as UserId,
      device_id: String(grant["device_id"]),
      ask: (method, at, given) =>
        scene.call(method, at, given === undefined ? { headers } : { headers, body: given }),
    };
  };
  return Object.assign(scene, {
    signUp: (username: string) =>
      enter("/v1/signup", { username, name: username, password: PASSWORD }),
    logIn: (username: string) => enter("/v1/login", { username, password: PASSWORD }),
    client_id: () => uuidV7(clock.now(), crypto.getRandomValues(new Uint8Array(10))),
    stop: async () => {
      await relay.stop();
      await shard.stop();
    },
  });
}
