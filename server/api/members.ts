/** Who is in a group, and how far each member is. Rules D5, D19, R5, R8. */
import { done } from "@damso/core/result";
import type { Handlers } from "./call.ts";
import { noContent } from "./channels.ts";
import type { ApiDeps } from "./deps.ts";

type Own = "openChannel" | "putMember" | "removeMember" | "leaveChannel";

export function memberHandlers({ bus }: ApiDeps): Handlers<Own> {
  return {
    openChannel: async ({ caller: { user_id }, params: { channel_id: channel }, signal }) => {
      const opened = await bus.request<"opened">({ kind: "opened", user_id, channel }, signal);
      return opened.ok ? done({ channel, members: opened.value.members }) : opened;
    },
    putMember: async ({ caller: { user_id }, params, body, signal }) => {
      const { channel_id: channel, user_id: member } = params;
      const command = { kind: "put_member", user_id, channel, member, ...body } as const;
      return noContent(await bus.request<"put_member">(command, signal));
    },
    removeMember: async ({ caller: { user_id }, params, signal }) => {
      const { channel_id: channel, user_id: member } = params;
      const command = { kind: "remove_member", user_id, channel, member } as const;
      return noContent(await bus.request<"remove_member">(command, signal));
    },
    leaveChannel: async ({ caller: { user_id }, params: { channel_id: channel }, signal }) => {
      const command = { kind: "remove_member", user_id, channel, member: user_id } as const;
      return noContent(await bus.request<"remove_member">(command, signal));
    },
  };
}
