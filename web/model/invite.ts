/** Links that lead to a person or into a group. */
import type { Channel, ChannelId, Profile } from "@damso/sdk";
import { DamsoError } from "@damso/sdk";
import type { Api } from "./api.ts";
import type { Context } from "./context.ts";
import type { Link } from "./link.ts";

export type Invitation = {
  channel: ChannelId;
  name?: string;
  avatar?: string;
  members: number;
  by: Profile;
};

export function linkToPerson(server: string, username: string): string {
  return `${server}/?with=${encodeURIComponent(username)}`;
}

/** A new link into a group, and when it ends. */
export async function linkToGroup(
  api: Api,
  server: string,
  channel: ChannelId,
): Promise<{ url: string; expires_at: string }> {
  const made = await api.ask<{ invite: string; expires_at: string }>(
    "POST",
    `/v1/channels/${channel}/invite`,
  );
  return { url: `${server}/?join=${made.invite}`, expires_at: made.expires_at };
}

/**
 * What a link leads to, before anything is done about it; `over` when it leads nowhere (any more). Rejects when that
 * cannot be known now.
 */
export function readLink(
  { api, client }: Pick<Context, "api" | "client">,
  link: Exclude<Link, { kind: "device" }>,
): Promise<{ person: Profile | undefined } | { group: Invitation } | "over"> {
  const found =
    link.kind === "person"
      ? client.users.find(link.username).then((person) => ({ person }))
      : api.ask<Invitation>("GET", invitePath(link.invite)).then((group) => ({ group }));
  return found.catch((error: unknown) => {
    if (error instanceof DamsoError && !error.retry) return "over" as const;
    throw error;
  });
}

export function joinGroup({ api }: Pick<Context, "api">, invite: string): Promise<ChannelId> {
  return api.ask<Channel>("POST", invitePath(invite)).then(({ id }) => id);
}

const invitePath = (invite: string): string => `/v1/invites/${encodeURIComponent(invite)}`;
