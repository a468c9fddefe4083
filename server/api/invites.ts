/** Invitations to a group: signed, not kept. Rule X14. */
import { isChannelId, isSnowflake } from "@damso/protocol/ids";
import type { ChannelId, UserId } from "@damso/protocol/ids";
import type { Invitation } from "@damso/protocol/http/invites";
import type { Channel } from "@damso/protocol/schema/channel";
import { done, refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import { readChannel } from "../gateway/reads.ts";
import { readChanged } from "./after-change.ts";
import type { Call, Handlers } from "./call.ts";
import type { ApiDeps } from "./deps.ts";
import { profileOf } from "./profiles.ts";

const INVITE_MS = 7 * 86_400_000;
const OVER = refuse("not_found", "the invitation is over");

type Own = "createInvite" | "getInvite" | "takeInvite";
type Invite = { channel: ChannelId; by: UserId };

export function inviteHandlers(deps: ApiDeps): Handlers<Own> {
  return {
    createInvite: (call) => createInvite(deps, call),
    getInvite: ({ params }) => readInvite(deps, params.invite),
    takeInvite: (call) => takeInvite(deps, call),
  };
}

async function createInvite(
  { bus, tickets, clock }: ApiDeps,
  { caller: { user_id }, params: { channel_id } }: Call<"createInvite">,
): Promise<Result<{ invite: string; expires_at: string }>> {
  const found = await readChannel(bus, user_id, channel_id);
  if (!found.ok) return found;
  if (!mayInvite(found.value, user_id)) return refuse("forbidden");
  const expires_at = clock.now() + INVITE_MS;
  const invite = tickets.sign("invite", [channel_id, user_id], expires_at);
  return done({ invite, expires_at: new Date(expires_at).toISOString() });
}

/** The same as when a member is added: there it is decided, here it only spares a link that leads nowhere. */
function mayInvite({ kind, settings, members }: Channel, user_id: UserId): boolean {
  const role = members.find((member) => member.user_id === user_id)?.role;
  return kind === "group" && (settings.invite === "members" || role !== "member");
}

async function readInvite(deps: ApiDeps, text: string): Promise<Result<Invitation>> {
  const invite = parse(deps, text);
  if (!invite) return OVER;
  const group = await readChannel(deps.bus, invite.by, invite.channel);
  if (!group.ok) return isOver(group.refusal.code) ? OVER : group;
  const [by] = await deps.accounts.users.byIds([invite.by]);
  if (!by || !mayInvite(group.value, invite.by)) return OVER;
  const { id: channel, name, avatar, members } = group.value;
  return done({
    channel,
    ...(name !== undefined && { name }),
    ...(avatar !== undefined && { avatar }),
    members: members.length,
    by: profileOf(by),
  });
}

/** The inviter is gone from the group, or the group is. */
const isOver = (code: string): boolean => code === "not_member" || code === "not_found";

async function takeInvite(
  deps: ApiDeps,
  { caller: { user_id }, params, signal }: Call<"takeInvite">,
): Promise<Result<Channel>> {
  const invite = parse(deps, params.invite);
  if (!invite) return OVER;
  const { channel, by } = invite;
  const present = await readChannel(deps.bus, user_id, channel);
  if (present.ok) return present;
  const command = { kind: "put_member", user_id: by, channel, member: user_id } as const;
  const added = await deps.bus.request<"put_member">(command, signal);
  if (!added.ok) return isOver(added.refusal.code) ? OVER : added;
  return await readChanged(deps, () => readChannel(deps.bus, user_id, channel));
}

function parse({ tickets }: ApiDeps, text: string): Invite | undefined {
  const [channel = "", by = ""] = tickets.read("invite", text) ?? [];
  return isChannelId(channel) && isSnowflake(by) ? { channel, by: by as UserId } : undefined;
}
