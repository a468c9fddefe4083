/** A group before it is made: who, a name, a picture. */
import type { ChannelId, Profile } from "@damso/sdk";
import type { Picked } from "./api.ts";
import type { Context } from "./context.ts";
import type { Report } from "./report.ts";

export type GroupDraft = {
  name: string;
  members: readonly Profile[];
  picture: Picked | undefined;
};

/**
 * Undefined when it was not made. A picture that does not get there keeps nobody from talking: it is told by `after`,
 * which is still there when the group is open.
 */
export async function makeGroup(
  { client, api }: Context,
  { name, members, picture }: GroupDraft,
  report: Report,
  after: Report,
): Promise<ChannelId | undefined> {
  if (members.length === 0) return undefined;
  const named = name.trim() === "" ? {} : { name: name.trim() };
  let id: ChannelId | undefined;
  const group = { ...named, members: members.map(({ user_id }) => user_id) };
  await report(client.createGroup(group).then((channel) => (id = channel.id)));
  if (id !== undefined && picture) await setGroupPicture({ client, api }, id, picture, after);
  return id;
}

export function setGroupPicture(
  { client, api }: Pick<Context, "client" | "api">,
  channel: ChannelId,
  picture: Picked,
  report: Report,
): Promise<boolean> {
  const stored = api.upload(picture).then(({ id }) => client.updateGroup(channel, { avatar: id }));
  return report(stored);
}
