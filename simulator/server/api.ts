/**
 * HTTP without HTTP: the real route table, the real validation and the real handlers, called without a socket. What is
 * left out is the text of requests and responses, passwords and the signature of tokens.
 */
import type { Handlers } from "@damso/server/api/call";
import type { ApiDeps } from "@damso/server/api/deps";
import { shardHandlers } from "@damso/server/api/shard-handlers";
import { tellDevices } from "@damso/server/api/tell-devices";
import type { Identity } from "@damso/server/gateway/types";
import { refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import { CODES } from "@damso/protocol/codes";
import { parseRequest } from "@damso/protocol/http/parse";
import type { Route } from "@damso/protocol/http/route";
import { ROUTES } from "@damso/protocol/http/routes";
import type { Operation } from "@damso/protocol/http/routes";
import type { HttpRequest, HttpResponse } from "@damso/sdk/environment";

export type ApiWorld = {
  deps: ApiDeps;
  authenticate(token: string): Promise<Result<Identity>>;
  /** Of the routes that need more than the shards: refresh and log-out. */
  own: Partial<Record<Operation, (body: never, token: string) => Promise<Result<unknown>>>>;
  failed(error: unknown): void;
};

export type Api = (request: HttpRequest) => Promise<HttpResponse & { who?: Identity }>;

type Match = { operation: Operation; params: Record<string, string> };
type Any = (call: object) => Promise<Result<unknown>>;

const PATTERNS = (Object.keys(ROUTES) as Operation[]).map((operation) => {
  const { method, path }: Route = ROUTES[operation];
  return { operation, method, parts: path.split("/") };
});

/** Answers the calls of the API with the handlers of the real one. */
export function createApi(world: ApiWorld): Api {
  const { deps } = world;
  const handlers: Partial<Handlers> = shardHandlers(deps);
  return async (request) => {
    let who: Identity | undefined;
    try {
      const answer = await run(world, handlers, request, (caller) => (who = caller));
      return { ...toResponse(answer, request), ...(who && { who }) };
    } catch (error) {
      world.failed(error);
      return { ...toResponse(refuse("unavailable"), request), ...(who && { who }) };
    }
  };
}

async function run(
  world: ApiWorld,
  handlers: Partial<Handlers>,
  request: HttpRequest,
  seen: (who: Identity) => void,
): Promise<Result<unknown>> {
  const url = new URL(request.url);
  const match = matchOf(request.method, url.pathname);
  if (!match) return refuse("not_found", "no such path");
  const { operation, params } = match;
  const route: Route = ROUTES[operation];
  const token = request.headers["authorization"]?.replace(/^Bearer /, "") ?? "";
  const own = world.own[operation];
  const body: unknown = request.body === undefined ? undefined : JSON.parse(request.body);
  if (own) return own(body as never, token);
  const caller = route.auth === "none" ? undefined : await world.authenticate(token);
  if (caller && !caller.ok) return caller;
  if (caller) seen(caller.value);
  const query = Object.fromEntries(url.searchParams);
  const parsed = parseRequest(operation, { params, query, body });
  if (!parsed.ok) return parsed;
  const handler = handlers[operation] as Any | undefined;
  if (!handler) return refuse("not_found", "not part of the simulation");
  const { signal } = new AbortController();
  const call = {
    ...parsed.input,
    caller: caller?.value,
    signal,
    address: "",
    request: { signal, url: request.url },
  };
  const answer = await handler(call);
  await tellDevices(world.deps, route, caller?.value.user_id);
  return answer;
}

function matchOf(method: string, path: string): Match | undefined {
  const given = path.split("/");
  for (const pattern of PATTERNS) {
    if (pattern.method !== method || pattern.parts.length !== given.length) continue;
    const params: Record<string, string> = {};
    const fits = pattern.parts.every((part, i) => {
      const text = given[i] as string;
      if (!part.startsWith("{")) return part === text;
      params[part.slice(1, -1)] = decodeURIComponent(text);
      return true;
    });
    if (fits) return { operation: pattern.operation, params };
  }
  return undefined;
}

function toResponse(answer: Result<unknown>, { method }: HttpRequest): HttpResponse {
  if (answer.ok)
    return {
      status: answer.value === undefined ? 204 : method === "POST" ? 201 : 200,
      body: answer.value,
    };
  const { code, message, retry_after_ms } = answer.refusal;
  const body = { code, detail: message, ...(retry_after_ms !== undefined && { retry_after_ms }) };
  return { status: CODES[code].status, body };
}
