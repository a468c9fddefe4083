/** Who is online, for clients that do not watch. Rules R3, R4. */
import { done } from "@damso/core/result";
import type { Handlers } from "./call.ts";
import type { ApiDeps } from "./deps.ts";

export function presenceHandlers({ bus }: ApiDeps): Handlers<"getPresence"> {
  return {
    getPresence: async ({ caller, query, signal }) => {
      const viewer = caller.user_id;
      const answers = await Promise.all(
        [...new Set(query.users)].map((user_id) =>
          bus.request<"presence">({ kind: "presence", user_id, viewer }, signal),
        ),
      );
      // Presence is a hint: of a user whose home does not answer, nothing is said.
      return done({ presence: answers.flatMap((answer) => (answer.ok ? [answer.value] : [])) });
    },
  };
}
