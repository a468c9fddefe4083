/** Records of the accounts store as others see them: never more than the public profile. Rules P25, X12. */
import type { Contact, User } from "@damso/core/ports/account-records";
import type { Users } from "@damso/core/ports/accounts";
import type { Listed, Profile } from "@damso/protocol/schema/account";

export function profileOf(user: User): Profile {
  const { user_id } = user;
  if (user.deleted_at !== null) return { user_id, username: "", name: "", deleted: true };
  const profile: Profile = { user_id, username: user.username, name: user.name };
  if (user.avatar !== null && user.avatar !== "") profile.avatar = user.avatar;
  if (user.about !== "") profile.about = user.about;
  return profile;
}

/** The users of a list in its order, with the time since when they are in it. */
export async function listedOf(users: Users, contacts: readonly Contact[]): Promise<Listed[]> {
  const found = await users.byIds(contacts.map(({ user_id }) => user_id));
  const byId = new Map(found.map((user) => [user.user_id, user]));
  return contacts.flatMap(({ user_id, created_at }) => {
    const user = byId.get(user_id);
    return user ? [{ ...profileOf(user), since: new Date(created_at).toISOString() }] : [];
  });
}
