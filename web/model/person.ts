/** What one has in common with somebody. */
import type { Channel, UserId } from "@damso/sdk";
import type { Context } from "./context.ts";

/** The groups that both are in, as they stand in the list. */
export function groupsWith({ client, live }: Context, user_id: UserId): readonly Channel[] {
  live.follow("channels");
  return client
    .channels()
    .filter(
      ({ kind, members }) =>
        kind === "group" && members.some((member) => member.user_id === user_id),
    );
}
