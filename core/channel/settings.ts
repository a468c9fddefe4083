/** Decides a group's name, avatar and settings, and blocks of a direct channel. */
import type { SystemEvent } from "@damso/protocol/schema/message";
import { refuse } from "../result.ts";
import type { CommandOf, Nothing } from "../shard/commands.ts";
import { answer } from "../shard/decision.ts";
import type { Decision } from "../shard/decision.ts";
import { announce, groupFault } from "./members.ts";
import type { Decider } from "./send.ts";
import { channelToRow, peerOf } from "./state.ts";
import type { ChannelState } from "./state.ts";

export function decidePatch(
  channel: ChannelState,
  command: CommandOf<"patch_channel">,
  world: Decider,
): Decision<Nothing> {
  const fault = groupFault(channel, command.user_id);
  if (fault) return fault;
  if (channel.members.get(command.user_id)?.role === "member") {
    return refuse("forbidden", "only the owner and admins change the group");
  }
  const next: ChannelState = { ...channel, settings: { ...channel.settings, ...command.settings } };
  if (command.name !== undefined) next.name = command.name;
  if (command.avatar !== undefined) next.avatar = command.avatar;
  const event = changedField(channel, next);
  if (!event) return answer({});
  const system: SystemEvent = { event, by: command.user_id };
  if (event === "renamed" && next.name !== undefined) system.name = next.name;
  return announce(channel, { next, system }, world);
}

function changedField(before: ChannelState, next: ChannelState): SystemEvent["event"] | undefined {
  if (before.name !== next.name) return "renamed";
  if (before.avatar !== next.avatar) return "avatar";
  const same =
    before.settings.history === next.settings.history &&
    before.settings.invite === next.settings.invite;
  return same ? undefined : "settings";
}

/** Blocks hold from their position in the direct channel's order: rule D8. */
export function decideBlock(channel: ChannelState, command: CommandOf<"block">): Decision<Nothing> {
  if (!channel.members.has(command.user_id)) return refuse("not_member");
  if (
    peerOf(channel, command.user_id) === undefined ||
    peerOf(channel, command.user_id) === command.user_id
  ) {
    return refuse("invalid", "only someone else can be blocked");
  }
  if (channel.blocked_by.includes(command.user_id) === command.on) return answer({});
  const blocked_by = command.on
    ? [...channel.blocked_by, command.user_id]
    : channel.blocked_by.filter((user_id) => user_id !== command.user_id);
  const next: ChannelState = { ...channel, blocked_by };
  return {
    ok: true,
    reply: {},
    puts: [{ table: "channels", key: [channel.id], row: channelToRow(next) }],
    // Only who blocked is told: the other must not learn of it but by a refusal.
    tells:
      channel.head === 0
        ? []
        : [{ kind: "changed", channel: channel.id, users: [command.user_id] }],
    channel: next,
  };
}
