/** The feed for clients without a socket: polling and long polling. Rules P23, D15, D20. */
import type { Handlers } from "./call.ts";
import type { ApiDeps } from "./deps.ts";

export function feedHandlers({ gateway }: ApiDeps): Handlers<"getFeed"> {
  return {
    getFeed: ({ caller, query, request, signal }) => {
      const { wait = 0, ...cursor } = query;
      // A client that hung up waits for nothing.
      const ended = AbortSignal.any([request.signal, signal]);
      return gateway.poll(caller, { ...cursor, wait_ms: wait * 1000 }, ended);
    },
  };
}
