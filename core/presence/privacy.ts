/** Who may see a user's presence. Rule R3. */
import type { Presence } from "@damso/protocol/frames/server";
import type { UserId } from "@damso/protocol/ids";
import type { Profile } from "../ports/directory.ts";

export function maySee(profile: Profile, viewer: UserId): boolean {
  if (viewer === profile.user_id) return true;
  if (profile.deleted || profile.blocks.has(viewer)) return false;
  if (profile.presence === "everyone") return true;
  return profile.presence === "contacts" && profile.contacts.has(viewer);
}

/** What a viewer is told; one who may not see it is told the same as of someone who was never here. */
export function presenceFor(
  profile: Profile,
  viewer: UserId,
  online: boolean,
  last_active_ms: number,
): Presence {
  const user_id = profile.user_id;
  if (!maySee(profile, viewer)) return { user_id, state: "offline" };
  if (online) return { user_id, state: "online" };
  if (last_active_ms === 0) return { user_id, state: "offline" };
  return { user_id, state: "offline", last_active_at: new Date(last_active_ms).toISOString() };
}
