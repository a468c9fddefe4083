/** Decisions about channels: who sees what, and what may be written. */
import type { Mutation } from "./mutation.ts";

export const CHANNEL: readonly Mutation[] = [
  {
    name: "current-membership",
    bug: "Whoever is a member now reads the whole history, also what was said before he came.",
    breaks: ["I9"],
    file: "core/shard/channel-reads.ts",
    find: "const floor = Math.max(member.visible_from, command.own.cleared_to + 1);",
    replace: "const floor = command.own.cleared_to + 1;",
  },
  {
    name: "pre-join-shown-by-edit",
    bug: "An edit is told to all members, also to those who came after the message.",
    breaks: ["I9"],
    file: "core/channel/change.ts",
    find: "const users = viewersOf(channel, message.seq);",
    replace: "const users = [...channel.members.keys()];",
  },
  {
    name: "block-ignored-by-edit",
    bug: "A block stops sends, and edits go on.",
    breaks: ["I19"],
    file: "core/channel/change.ts",
    find: "const fault = writeFault(channel, edit.user_id) ?? mentionFault(channel, edit.mentions);",
    replace: "const fault = mentionFault(channel, edit.mentions);",
  },
  {
    name: "delete-leaves-body",
    bug: "The long text of a deleted message stays in `bodies`, the one place beside its row that has it: there is no search index.",
    breaks: ["I16"],
    file: "core/channel/change.ts",
    find: "message.truncated ? [putBody(channel.id, message.seq, undefined)] : [],",
    replace: "[],",
  },
  {
    name: "unread-counted",
    bug: "Unread is counted down with every deletion, not computed: a message that was hidden before counts twice.",
    breaks: ["I15"],
    file: "core/user/state.ts",
    find: "if (note.skip && !hidden) own.skips += addSkip(own.skipped, seq, true);",
    replace: "if (note.skip) own.skips++;",
  },
  {
    name: "own-messages-unread",
    bug: "A message of one's own, sent from another device, counts as unread.",
    breaks: ["I15"],
    file: "core/shard/tells.ts",
    find: 'const skip = message.kind === "system" || message.sender_id === user_id;',
    replace: 'const skip = message.kind === "system";',
  },
  {
    name: "marker-moves-back",
    bug: "Reading an older message of a channel that is marked as unread takes the read marker back to it.",
    breaks: ["I15"],
    file: "core/user/commands.ts",
    find: "seq: Math.max(to, own.read),",
    replace: "seq: to,",
  },
];
