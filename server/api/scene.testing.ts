/**
 * The API over accounts in memory, a bus that answers by script, and sessions that are tokens of their device.
 * Every answer is held against the route table: its schema, or a problem that the call may have.
 */
import { expect } from "bun:test";
import { memoryBlobs } from "@damso/contracts/fakes/blobs";
import { emptyAccounts } from "@damso/contracts/fakes/accounts-data";
import { memoryAccounts } from "@damso/contracts/fakes/accounts";
import type { Session } from "@damso/core/ports/account-records";
import type { Accounts } from "@damso/core/ports/accounts";
import type { Bus } from "@damso/core/ports/bus";
import type { NodeRecord } from "@damso/core/ports/discovery";
import { done, refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import type { Answers, Command, CommandKind } from "@damso/core/shard/commands";
import { CODES } from "@damso/protocol/codes";
import type { ErrorCode } from "@damso/protocol/codes";
import { ProblemSchema } from "@damso/protocol/http/problem";
import { refusalsOf } from "@damso/protocol/http/route";
import type { Route } from "@damso/protocol/http/route";
import { ROUTES } from "@damso/protocol/http/routes";
import type { DeviceId, SessionId, UserId } from "@damso/protocol/ids";
import type { Auth, Grant } from "../auth/sessions.ts";
import { createTickets } from "../auth/tickets.ts";
import { createRateLimits } from "../gateway/limits.ts";
import { createTypingLimit } from "../gateway/typing.ts";
import type { PollQuery } from "../gateway/poll.ts";
import type { Identity } from "../gateway/types.ts";
import type { Fields } from "../log.ts";
import { SILENT } from "../log.ts";
import { systemTimers } from "../timers.ts";
import { createApi } from "./api.ts";
import type { Api } from "./api.ts";
import type { ApiDeps } from "./deps.ts";

export const HOST = "chat.example";
export const ANN = "1000000000000000001" as UserId;
export const BEN = "1000000000000000002" as UserId;
export const CAT = "1000000000000000003" as UserId;
export const NOW: number = Date.UTC(2026, 0, 1);

type Answering = {
  [K in CommandKind]?: (command: Command<K>) => Result<Answers[K]> | Promise<Result<Answers[K]>>;
};

export type Scene = {
  api: Api;
  accounts: Accounts;
  deps: ApiDeps;
  /** Commands that the bus was asked, and what it answers by kind. */
  asked: Command[];
  answering: Answering;
  polls: { who: Identity; query: PollQuery }[];
  settled: { wakes: number; settles: number };
  nodes: NodeRecord[];
  logged: { message: string; fields: Fields | undefined }[];
  /** An account with one signed-in device, whose token is its session id. */
  join(user_id: UserId, username: string): Promise<Identity>;
  call(method: string, path: string, given?: Given): Promise<Got>;
};

export type Bytes = string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;

export type Given = {
  as?: Identity;
  body?: unknown;
  /** Sent as it is, in place of `body`. */
  bytes?: Bytes;
  headers?: Record<string, string>;
};
export type Got = { status: number; headers: Headers; body: Record<string, unknown> };

export function createScene(changes: Partial<ApiDeps> = {}): Scene {
  const accounts = memoryAccounts(emptyAccounts());
  const scene: Scene = {
    accounts,
    asked: [],
    answering: {},
    polls: [],
    settled: { wakes: 0, settles: 0 },
    nodes: [],
    logged: [],
  } as Partial<Scene> as Scene;
  scene.deps = { ...depsOf(scene), ...changes };
  scene.api = createApi(scene.deps);
  scene.join = (user_id, username) => join(scene.accounts, user_id, username);
  scene.call = (method, path, given) => call(scene.api, method, path, given);
  return scene;
}

function depsOf(scene: Scene): ApiDeps {
  const clock = { now: () => NOW };
  const log = (message: string, fields?: Fields): void =>
    void scene.logged.push({ message, fields });
  return {
    bus: scriptedBus(scene),
    accounts: scene.accounts,
    blobs: memoryBlobs(),
    auth: sessionAuth(scene.accounts),
    tickets: createTickets({ signing: new Uint8Array(32) }, clock),
    discovery: {
      register: async () => {},
      withdraw: async () => {},
      list: async () => scene.nodes,
      lease: async () => true,
      release: async () => {},
      owners: async () => new Map(),
    },
    gateway: {
      poll: async (who, query) => {
        scene.polls.push({ who, query });
        return done({ feed: { id: "f1" as never, head: 7 }, events: [], more: false });
      },
    },
    rate_limits: createRateLimits(clock, { on: false }),
    typing: createTypingLimit(clock),
    relay: {
      wake: () => void scene.settled.wakes++,
      settle: async () => void scene.settled.settles++,
    },
    push: {
      vapid_public_key: "BKey",
      kinds: ["webpush", "fcm"],
      refusal: (target) =>
        target.kind === "webpush" && !target.endpoint.startsWith("https://push.example/")
          ? "not a push service that this server sends to"
          : undefined,
      test: async (user_id, device_id) => {
        const rows = await scene.accounts.subscriptions.listByUser(user_id);
        return { outcome: rows.some((row) => row.device_id === device_id) ? "sent" : "none" };
      },
    },
    clock,
    random: { next: () => 0 },
    timers: systemTimers,
    log: { ...SILENT, warn: log, error: log },
    unready: () => [],
    metrics: async () => ({ body: "damso_up 1\n", type: "text/plain; version=0.0.4" }),
    admin: { access: async () => refuse("unauthenticated"), handlers: {} as never },
    page: () => undefined,
    origins: [],
    trusted_proxies: 0,
    version: "0.0.0",
  };
}

function scriptedBus(scene: Scene): Bus {
  return {
    async request<K extends CommandKind>(command: Command<K>): Promise<Result<Answers[K]>> {
      scene.asked.push(command as Command);
      const answer = scene.answering[command.kind];
      return answer ? await answer(command) : done({} as Answers[K]);
    },
    send() {},
    publish() {},
    subscribe: () => () => {},
  };
}

/** The tokens of a session are its ids; a password is the hash of itself. */
function sessionAuth(accounts: Accounts): Auth {
  const known = async (token: string): Promise<Result<Identity>> => {
    const session = await accounts.sessions.byId(token as SessionId);
    return session ? done(identityOf(session)) : refuse("unauthenticated");
  };
  const grant = async (user_id: UserId, if_hash: string): Promise<Result<Grant>> => {
    const session = await open(accounts, user_id, if_hash);
    const { device_id, session_id } = session;
    const tokens = { access_token: session_id, refresh_token: session_id, expires_in: 900 };
    return done({ user_id, device_id, session_id, ...tokens });
  };
  const revoke = async (who: Identity, device_id: DeviceId): Promise<Result<void>> => {
    const gone = await accounts.sessions.revoke(who.user_id, { device_id }, NOW);
    return gone.length > 0 ? done(undefined) : refuse("not_found");
  };
  const none = async (): Promise<Result<never>> => refuse("not_found");
  return {
    codes: { make: async () => refuse("busy"), wait: none, read: none, answer: none },
    authenticate: known,
    signUp: async ({ username, name, password }) => {
      const user = { user_id: ANN, username, name, password_hash: password, created_at: NOW };
      const outcome = await accounts.users.create(user);
      return outcome === "created" ? await grant(ANN, password) : refuse(outcome);
    },
    logIn: async ({ username, password }) => {
      const credential = await accounts.credentials.byUsername(username);
      if (credential?.password_hash !== password) return refuse("wrong_credentials");
      return await grant(credential.user_id, password);
    },
    refresh: async (token) => {
      const who = await known(token);
      if (!who.ok) return who;
      const credential = await accounts.credentials.byUser(who.value.user_id);
      return await grant(who.value.user_id, credential?.password_hash ?? "");
    },
    logOutToken: async (token) => {
      const who = await known(token);
      return who.ok ? await revoke(who.value, who.value.device_id) : done(undefined);
    },
    logOut: (who) => revoke(who, who.device_id),
    listDevices: async (user_id) => done(await accounts.sessions.list(user_id)),
    revokeDevice: revoke,
    changePassword: async ({ user_id, session_id }, if_hash, password_hash, patch = {}) => {
      const changed = await accounts.credentials.change({
        user_id,
        if_hash,
        password_hash,
        keep: session_id,
        patch,
        now: NOW,
      });
      return changed.outcome === "changed" ? done(changed.user) : refuse("wrong_credentials");
    },
    deleteAccount: async ({ user_id }, password) => {
      const credential = await accounts.credentials.byUser(user_id);
      if (credential?.password_hash !== password) return refuse("wrong_credentials");
      await accounts.users.remove(user_id, NOW);
      return done(undefined);
    },
    setDisabled: async () => refuse("not_found"),
    endSessions: async () => refuse("not_found"),
  };
}

let serial = 0;

async function open(accounts: Accounts, user_id: UserId, if_hash: string): Promise<Session> {
  const id = String(2_000_000_000_000_000_000n + BigInt(serial++));
  const created = await accounts.sessions.create(
    {
      session_id: id as SessionId,
      device_id: id as DeviceId,
      user_id,
      device_name: "test",
      time_zone: null,
      created_at: NOW,
      family_hash: `family ${id}`,
      token_hash: `token ${id}`,
    },
    { devices_max: 30, if_hash },
  );
  if (created.outcome === "stale") throw new Error("no session without the right password");
  return created.session;
}

async function join(accounts: Accounts, user_id: UserId, username: string): Promise<Identity> {
  const user = { user_id, username, name: username.toUpperCase(), created_at: NOW };
  await accounts.users.create({ ...user, password_hash: "secret-1" });
  return identityOf(await open(accounts, user_id, "secret-1"));
}

function identityOf({ user_id, device_id, session_id }: Session): Identity {
  return { user_id, device_id, session_id };
}

async function call(api: Api, method: string, path: string, given: Given = {}): Promise<Got> {
  const headers = new Headers(given.headers);
  if (given.as) headers.set("authorization", `Bearer ${given.as.session_id}`);
  const bytes = given.bytes ?? (given.body === undefined ? null : JSON.stringify(given.body));
  const request = new Request(`http://${HOST}${path}`, { method, headers, body: bytes });
  const response = await api.fetch(request, { requestIP: () => ({ address: "192.0.2.1" }) });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get("content-type") ?? "");
  const body = isJson && text !== "" ? JSON.parse(text) : { text };
  check(method, path, response, body);
  return { status: response.status, headers: response.headers, body };
}

/** The route that a request is for. */
export function routeOf(method: string, path: string): Route | undefined {
  const asked = new URL(path, "http://host").pathname;
  const routes: readonly Route[] = Object.values(ROUTES);
  return routes.find((route) => {
    const pattern = route.path.replaceAll(/[.]/g, "[.]").replaceAll(/\{\w+\}/g, "[^/]+");
    return route.method === method && new RegExp(`^${pattern}$`).test(asked);
  });
}

function check(method: string, path: string, response: Response, body: unknown): void {
  const route = routeOf(method, path);
  if (response.status >= 400) return checkProblem(route, response, body as { code: ErrorCode });
  if (!route) return;
  expect(response.status).toBe(route.answer.status);
  if (!route.answer.schema) return expect(body).toEqual({ text: "" });
  const result = route.answer.schema["~standard"].validate(body);
  expect(result).not.toHaveProperty("issues");
  // Nothing that the schema does not name: what validation drops was told to nobody but is on the wire.
  expect(body).toEqual((result as { value: unknown }).value);
}

function checkProblem(
  route: Route | undefined,
  response: Response,
  body: { code: ErrorCode },
): void {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(ProblemSchema["~standard"].validate(body)).not.toHaveProperty("issues");
  if (![405, 500].includes(response.status)) expect(response.status).toBe(CODES[body.code].status);
  expect(body).toMatchObject({ status: response.status });
  if (route) expect(refusalsOf(route)).toContain(body.code);
}
