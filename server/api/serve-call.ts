/** One call from request to response: who asks, what exactly, how fast, and an answer whatever happens. Rules P11, P18. */
import { refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import { refusal } from "@damso/protocol/codes";
import type { RawRequest } from "@damso/protocol/http/parse";
import { parseRequest } from "@damso/protocol/http/parse";
import { ROUTES } from "@damso/protocol/http/routes";
import type { Operation } from "@damso/protocol/http/routes";
import type { Route } from "@damso/protocol/http/route";
import { LIMITS } from "@damso/protocol/limits";
import type { Identity } from "../gateway/types.ts";
import { inTime } from "../in-time.ts";
import { identify } from "./auth.ts";
import { readJson } from "./body.ts";
import type { Admin, Answer, Caller, Handler } from "./call.ts";
import type { ApiDeps } from "./deps.ts";
import { takeFor } from "./cost.ts";
import { jsonResponse, problemResponse } from "./response.ts";
import { tellDevices } from "./tell-devices.ts";

/** How long a call may take, beyond the time that a long poll asks to wait. */
export const TIMEOUT_MS = 20_000;
/** The body of a call without a session, which no bucket pays for: names, passwords and tokens need less. */
const STRANGERS_BYTES_MAX: number = 64 * 1024;

/** A request with its path taken apart. */
export type Incoming = { request: Request; params: Record<string, string>; address: string };

export async function serveCall<K extends Operation>(
  deps: ApiDeps,
  operation: K,
  handler: Handler<K>,
  incoming: Incoming,
): Promise<Response> {
  const route: Route = ROUTES[operation];
  try {
    const answer = await inTime<Answer<K>>(
      deps.timers,
      TIMEOUT_MS + waitOf(incoming.request),
      (signal) => runCall(deps, operation, handler, { ...incoming, signal }),
      () => refuse("unavailable", "no answer in time"),
    );
    if (answer.ok) return jsonResponse(route.answer.status, answer.value, answer.cookies);
    return problemResponse(answer.refusal, { cookies: answer.cookies ?? [] });
  } catch (error) {
    return failed(deps, operation, error);
  }
}

type Running = Incoming & { signal: AbortSignal };

async function runCall<K extends Operation>(
  deps: ApiDeps,
  operation: K,
  handler: Handler<K>,
  running: Running,
): Promise<Answer<K>> {
  const route: Route = ROUTES[operation];
  const { request, address, signal } = running;
  const caller = await callerOf(deps, route, running);
  if (!caller.ok) return caller;
  const who = caller.value && "device_id" in caller.value ? caller.value : undefined;
  const line = lineOf(running);
  // Before its body is read: a call that is refused for what it says has cost the reading of it.
  const wait = who ? takeFor(deps.rate_limits, who, operation, line) : 0;
  if (wait > 0) return refuse("rate_limited", undefined, wait);
  const body = await bodyOf(route, request);
  if (!body.ok) return body;
  const parsed = parseRequest(operation, { ...line, body: body.value });
  if (!parsed.ok) return parsed;
  const answer = await handler({
    ...parsed.input,
    caller: caller.value as Caller<K>,
    request,
    address,
    signal,
  });
  await tellDevices(deps, route, who?.user_id);
  return answer;
}

async function callerOf(
  deps: ApiDeps,
  route: Route,
  { request, address }: Incoming,
): Promise<Result<Identity | Admin | undefined>> {
  switch (route.auth) {
    case "none":
      return { ok: true, value: undefined };
    case "required":
      return await identify(deps, request);
    case "admin":
      return await deps.admin.access(request, address);
  }
}

function lineOf({ request, params }: Incoming): Omit<RawRequest, "body"> {
  return { params, query: Object.fromEntries(new URL(request.url).searchParams) };
}

async function bodyOf({ body, auth }: Route, request: Request): Promise<Result<unknown>> {
  if (body === null) return { ok: true, value: undefined };
  return await readJson(request, auth === "none" ? STRANGERS_BYTES_MAX : LIMITS.frame_bytes_max);
}

/** The time that a long poll asks for; anything else is for its schema to refuse. */
function waitOf(request: Request): number {
  const wait = Number(new URL(request.url).searchParams.get("wait") ?? 0);
  return wait > 0 && wait <= 30 ? wait * 1000 : 0;
}

/** A store that cannot answer says so with a code of ours; everything else is a bug, found by the id in log and answer. */
function failed(deps: ApiDeps, operation: Operation, error: unknown): Response {
  const code = (error as { code?: unknown } | null)?.code;
  if (code === "busy" || code === "unavailable") {
    deps.log.warn("a store did not answer", { operation, error });
    return problemResponse(refusal(code));
  }
  const request_id = crypto.randomUUID();
  deps.log.error("a call failed", { operation, request_id, error });
  return problemResponse(refusal("unavailable", `the server failed; request ${request_id}`), {
    status: 500,
    headers: { "x-request-id": request_id },
  });
}
