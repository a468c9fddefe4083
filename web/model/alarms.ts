/** Tells once of each message that could not be sent: it may be out of sight, and a screen reader sees no colours. */
import type { ChannelId, ClientId } from "@damso/sdk";
import { effect, untracked } from "@preact/signals";
import type { Context } from "./context.ts";
import type { Report } from "./report.ts";

/** What had failed before is known. The answer ends it. */
export function watchFailures(
  { client, live }: Context,
  id: ChannelId,
  report: Report,
): () => void {
  const failures = () => client.pending(id).filter(({ state }) => state === "failed");
  const known = new Set<ClientId>(failures().map(({ client_id }) => client_id));
  return effect(() => {
    live.follow(`channel:${id}`);
    for (const { client_id, code = "" } of failures()) {
      if (known.has(client_id)) continue;
      known.add(client_id);
      untracked(() => void report(Promise.reject(Object.assign(new Error(code), { code }))));
    }
  });
}
