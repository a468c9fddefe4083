/** Invitations to a group, as links. Rule X14. */
import * as v from "valibot";
import { ProfileSchema } from "../schema/account.ts";
import { ChannelIdSchema, CountSchema, TimeSchema } from "../schema/basics.ts";
import { ChannelSchema } from "../schema/channel.ts";
import { channelParams, NOTHING } from "./route.ts";
import type { Route } from "./route.ts";

const inviteParams = v.object({ invite: v.string() });

/** What somebody sees of a group before joining it. */
export const InvitationSchema = v.object({
  channel: ChannelIdSchema,
  name: v.exactOptional(v.string()),
  avatar: v.exactOptional(v.string()),
  members: CountSchema,
  by: ProfileSchema,
});
export type Invitation = v.InferOutput<typeof InvitationSchema>;

export const INVITE_ROUTES = {
  createInvite: {
    method: "POST",
    path: "/v1/channels/{channel_id}/invite",
    operation: "createInvite",
    summary: "An invitation to a group, for 7 days",
    tag: "channels",
    auth: "required",
    params: channelParams,
    query: NOTHING,
    body: null,
    answer: { status: 201, schema: v.object({ invite: v.string(), expires_at: TimeSchema }) },
    codes: ["not_found", "not_member", "forbidden"],
  },
  getInvite: {
    method: "GET",
    path: "/v1/invites/{invite}",
    operation: "getInvite",
    summary: "Which group an invitation is to, and whose it is",
    tag: "channels",
    auth: "required",
    params: inviteParams,
    query: NOTHING,
    body: null,
    answer: { status: 200, schema: InvitationSchema },
    codes: ["not_found"],
  },
  takeInvite: {
    method: "POST",
    path: "/v1/invites/{invite}",
    operation: "takeInvite",
    summary: "Join the group of an invitation; a member stays one",
    tag: "channels",
    auth: "required",
    params: inviteParams,
    query: NOTHING,
    body: null,
    answer: { status: 200, schema: ChannelSchema },
    codes: ["not_found", "not_member", "forbidden", "blocked", "group_full"],
  },
} as const satisfies Record<string, Route>;
