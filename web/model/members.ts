/** Who is in a group, and what I may do about it. */
import type { Channel, UserId } from "@damso/sdk";
import type { Role } from "@damso/protocol";
import type { ReadonlySignal } from "@preact/signals";
import { computed } from "@preact/signals";
import type { Chat } from "./chat.ts";
import type { PresenceView } from "./presence.ts";
import { presenceView } from "./presence.ts";

export type MemberRow = {
  user_id: UserId;
  /** How the row says it; `face` is the name itself. */
  name: string;
  face: string;
  self: boolean;
  role: Role;
  presence: PresenceView;
  /** What I may do to this member. */
  may: { remove: boolean; changeRole: boolean };
};

export type MembersModel = {
  rows: ReadonlySignal<readonly MemberRow[]>;
  mayRename: ReadonlySignal<boolean>;
  mayAdd: ReadonlySignal<boolean>;
};

const ranks: Record<Role, number> = { owner: 0, admin: 1, member: 2 };

export function createMembers({ channel, context }: Chat): MembersModel {
  const { client, people, speech } = context;
  const rank = computed(() => ranks[roleOf(channel.value, client.user_id)]);
  return {
    rows: computed(() =>
      (channel.value?.members ?? [])
        .toSorted((a, b) => ranks[a.role] - ranks[b.role])
        .map(({ user_id, role }) => {
          const self = user_id === client.user_id;
          return {
            user_id,
            name: self ? speech.strings.value.you : people.nameOf(user_id),
            face: people.nameOf(user_id),
            self,
            role,
            presence: presenceView(context, user_id),
            may: {
              remove: !self && rank.value < ranks[role],
              changeRole: !self && rank.value === ranks.owner,
            },
          };
        }),
    ),
    mayRename: computed(() => rank.value <= ranks.admin),
    mayAdd: computed(
      () => rank.value <= ranks.admin || channel.value?.settings.invite === "members",
    ),
  };
}

function roleOf(channel: Channel | undefined, me: UserId): Role {
  return channel?.members.find(({ user_id }) => user_id === me)?.role ?? "member";
}
