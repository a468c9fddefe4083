/** Where to connect. Design: discovery tells up to three servers, the client takes the first that answers. */
import { done } from "@damso/core/result";
import type { Handlers } from "./call.ts";
import { chooseServers } from "./choose-servers.ts";
import type { ApiDeps } from "./deps.ts";

export function serverHandlers(deps: ApiDeps): Handlers<"listServers"> {
  return {
    listServers: async ({ query, request, signal }) => {
      const nodes = await deps.discovery.list(signal);
      const servers = chooseServers(nodes, query.region, deps.random);
      if (servers.length > 0) return done({ servers });
      // Nobody has announced an address: then it is the one that this request found.
      const [node] = nodes;
      return done({ servers: [{ url: new URL(request.url).origin, region: node?.region ?? "" }] });
    },
  };
}
