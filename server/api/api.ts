/** The HTTP API: every call of the route table, its descriptions, health, and the web page. */
import { refusal } from "@damso/protocol/codes";
import type { Route } from "@damso/protocol/http/route";
import { ROUTES } from "@damso/protocol/http/routes";
import type { Operation } from "@damso/protocol/http/routes";
import { Hono } from "hono";
import type { Context } from "hono";
import { accountHandlers } from "./accounts.ts";
import { addressOf } from "./address.ts";
import type { Handlers } from "./call.ts";
import type { ApiDeps } from "./deps.ts";
import { descriptions } from "./docs.ts";
import { health } from "./health.ts";
import { logInCodeHandlers } from "./log-in-codes.ts";
import { media } from "./media.ts";
import { lostResponse, pageResponse } from "./page.ts";
import { pushHandlers } from "./push.ts";
import { preflightResponse, problemResponse } from "./response.ts";
import { serveCall } from "./serve-call.ts";
import { shardHandlers } from "./shard-handlers.ts";

/** The part of the listening server that tells where a request came from. */
export type Peers = { requestIP(request: Request): { address: string } | null };

export type Api = { fetch(request: Request, server?: Peers): Promise<Response> };

type Env = { Bindings: { address: string } };

export function createApi(deps: ApiDeps): Api {
  const app = new Hono<Env>();
  const handlers: Handlers = {
    ...accountHandlers(deps),
    ...logInCodeHandlers(deps),
    ...shardHandlers(deps),
    ...pushHandlers(deps),
    ...deps.admin.handlers,
  };
  app.options("/v1/*", preflightResponse);
  for (const operation of Object.keys(ROUTES) as Operation[]) {
    mount(app, deps, operation, handlers);
  }
  media(app, deps);
  health(app, deps);
  descriptions(app, deps.version);
  refuseOtherMethods(app);
  app.get("*", async (c) => await fileOrRefusal(deps, c.req.raw));
  app.notFound(notFound);
  app.onError((error) => {
    deps.log.error("a request failed", { error });
    return problemResponse(refusal("unavailable"), { status: 500 });
  });
  return {
    fetch: async (request, server) => {
      // The URL is made from the Host header, which may be anything.
      if (!URL.canParse(request.url)) return problemResponse(refusal("invalid", "no such host"));
      const peer = server?.requestIP(request)?.address ?? "";
      return await app.fetch(request, { address: addressOf(request, peer, deps.trusted_proxies) });
    },
  };
}

function mount<K extends Operation>(
  app: Hono<Env>,
  deps: ApiDeps,
  operation: K,
  handlers: Handlers,
): void {
  const { method, path }: Route = ROUTES[operation];
  app.on(method, pattern(path), (c) =>
    serveCall(deps, operation, handlers[operation], {
      request: c.req.raw,
      params: c.req.param(),
      address: c.env.address,
    }),
  );
}

/** `/v1/users/{user_id}` in the router's notation. */
const pattern = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ":$1");

/** What is at a path of ours but does not answer to this method: 405, with those that it does. */
function refuseOtherMethods(app: Hono<Env>): void {
  const methods = Map.groupBy(app.routes, ({ path }) => path);
  for (const [path, routes] of methods) {
    if (path.includes("*")) continue;
    const allow = routes.map(({ method }) => method).join(", ");
    app.all(path, (c: Context) =>
      problemResponse(refusal("invalid", `${c.req.method} is not one of ${allow}`), {
        status: 405,
        headers: { allow },
      }),
    );
  }
}

async function fileOrRefusal({ page }: ApiDeps, request: Request): Promise<Response> {
  return (await pageResponse(page, request)) ?? (await lostResponse(page, request)) ?? notFound();
}

function notFound(): Response {
  return problemResponse(refusal("not_found", "no such path"));
}
