/** System messages and what stands in for a text that is not there, in words. */
import type { Message, UserId } from "@damso/sdk";
import type { Strings } from "./strings/strings.ts";

export type NameOf = (user_id: UserId) => string;

/** The sentence of a system message; an event of a newer server is a placeholder. */
export function systemText({ system }: Message, nameOf: NameOf, strings: Strings): string {
  if (system === undefined) return strings.newerVersion;
  const by = nameOf(system.by);
  const ids = system.users ?? [];
  const users = ids.map(nameOf).join(", ");
  switch (system.event) {
    case "created":
      return strings.system.created(by, system.name ?? "");
    case "joined":
      return strings.system.joined(by, users === "" ? by : users, isOnly(ids, system.by));
    case "left":
      return strings.system.left(by);
    case "removed":
      return strings.system.removed(by, users);
    case "renamed":
      return strings.system.renamed(by, system.name ?? "");
    case "avatar":
      return strings.system.avatar(by);
    case "role":
      return strings.system.role(by, users, roleName(system.role, strings));
    case "settings":
      return strings.system.settings(by);
    default:
      return strings.newerVersion;
  }
}

/** What stands where the message's text would be; undefined when the message has a text to show. */
export function placeholder(message: Message, strings: Strings): string | undefined {
  if (message.deleted_at !== undefined) return strings.deletedMessage;
  if (message.unavailable === true) return strings.unavailable;
  if (message.kind !== "text" || message.body === undefined) return strings.newerVersion;
  return undefined;
}

function isOnly(ids: readonly UserId[], by: UserId): boolean {
  return ids.length === 0 || (ids.length === 1 && ids[0] === by);
}

function roleName(role: string | undefined, strings: Strings): string {
  const names: Record<string, string> = strings.role;
  return names[role ?? ""] ?? role ?? "";
}
