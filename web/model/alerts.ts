/**
 * Notifications that the page shows itself. The server pushes to devices that have not got a message; a page in the
 * background has it and nobody has seen it. The same rules and the same place on the screen as of a push: N7, N10, N16.
 */
import type { Channel, Message } from "@damso/sdk";
import type { Me } from "@damso/protocol/schema/account";
import { nameOfChannel } from "./chat-list.ts";
import type { Context } from "./context.ts";
import type { Host } from "./host.ts";
import { isMention } from "./mentions-ahead.ts";
import { isMuted } from "./mute.ts";
import type { Notifications } from "./notifications.ts";

/** What stands on the screen; a later one of the same channel takes its place. */
export type Alert = { channel: string; seq: number; title: string; body: string };

export type Alerts = {
  /** A message came while nobody looked. */
  came: (message: Message) => Promise<void>;
};

type Settings = Me["settings"];

export function createAlerts(
  context: Context,
  host: Pick<Host, "permission" | "alert">,
  { on }: Pick<Notifications, "on">,
): Alerts {
  const { client, api } = context;
  /** Asked for once, not with every message of a busy group. */
  let asked: Promise<Settings> | undefined;
  const forget = (): void => {
    asked = undefined;
  };
  client.on("account", forget);

  function settingsNow(): Promise<Settings> {
    asked ??= api.ask<Me>("GET", "/v1/me").then((me) => me.settings);
    asked.catch(forget);
    return asked;
  }

  return {
    came: async (message) => {
      const channel = client.channel(message.channel);
      if (!host.alert || !on.peek() || host.permission.peek() !== "granted" || !channel) return;
      const settings = await settingsNow();
      if (!isWorth(channel, message, settings, context)) return;
      // Read meanwhile, here or elsewhere.
      if ((client.channel(channel.id)?.read ?? 0) >= message.seq) return;
      host.alert(alertOf(context, channel, message, settings));
    },
  };
}

/** As the server decides it for the other devices. */
function isWorth(
  channel: Channel,
  message: Message,
  { push }: Settings,
  { client, now }: Pick<Context, "client" | "now">,
): boolean {
  const level = channel.push_level ?? (channel.kind === "direct" ? push.direct : push.group);
  if (message.kind !== "text" || level === "none") return false;
  return (
    isMention(message, client.user_id) ||
    (level === "all" && !isMuted(channel.muted_until, now.peek()))
  );
}

function alertOf(
  context: Context,
  channel: Channel,
  { seq, body = "", sender_id }: Message,
  settings: Settings,
): Alert {
  const { people, speech } = context;
  const { newMessage } = speech.strings.peek().shell;
  if (settings.private_push) return { channel: channel.id, seq, title: "Damso", body: newMessage };
  const text = body === "" ? newMessage : body;
  const line = channel.kind === "group" ? `${people.nameOf(sender_id)}: ${text}` : text;
  return { channel: channel.id, seq, title: nameOfChannel(context, channel), body: line };
}
