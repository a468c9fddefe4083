/** Everything that the account can see, as one JSON text. */
import type { ChannelId, Message, Seq } from "@damso/sdk";
import type { Context } from "./context.ts";
import { pageBefore } from "./history.ts";
import { codeOf } from "./report.ts";

type Asking = Pick<Context["api"], "ask">;

const PAUSE_MS = 2000;
const TRIES_MAX = 10;
const HASTE = new Set(["rate_limited", "busy"]);

/**
 * `told` hears how many messages are there so far. Long texts are whole. The bytes of pictures and files stay on the
 * server: the export names each by its id, at `GET /v1/media/{id}`.
 */
export async function exportAll(
  { client, api: hasty, now, later }: Pick<Context, "client" | "api" | "now" | "later">,
  told: (messages: number) => void,
): Promise<{ json: string; messages: number }> {
  const api = patient(hasty, later);
  const [account, contacts, blocks, devices] = await Promise.all([
    client.me.get(),
    client.contacts.list(),
    client.blocks.list(),
    client.devices.list(),
  ]);
  let count = 0;
  const channels: object[] = [];
  for (const channel of client.channels()) {
    const messages = await allMessages(api, channel.id, (more) => told((count += more)));
    channels.push({ ...channel, messages });
  }
  const exported_at = new Date(now.peek()).toISOString();
  const whole = {
    format: "damso-export-1",
    exported_at,
    account,
    contacts,
    blocks,
    devices,
    channels,
  };
  return { json: JSON.stringify(whole, null, 1), messages: count };
}

/** What is asked for too fast for the server is asked for again a little later: there may be a thousand pages. */
function patient({ ask }: Asking, later: Context["later"]): Asking {
  const again: Asking["ask"] = async (...call) => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await ask(...call);
      } catch (error) {
        if (!HASTE.has(codeOf(error)) || tries === TRIES_MAX) throw error;
        await new Promise<void>((resolve) => later(PAUSE_MS, resolve));
      }
    }
  };
  return { ask: again };
}

async function allMessages(
  api: Asking,
  channel: ChannelId,
  told: (more: number) => void,
): Promise<Message[]> {
  const pages: Message[][] = [];
  let before: Seq | undefined;
  for (;;) {
    const { messages, more_before } = await pageBefore(api, channel, before);
    pages.push(await Promise.all(messages.map((message) => whole(api, message))));
    told(messages.length);
    const [first] = messages;
    if (!more_before || first === undefined) return pages.toReversed().flat();
    before = first.seq;
  }
}

async function whole(api: Asking, message: Message): Promise<Message> {
  if (message.truncated !== true) return message;
  return await api.ask<Message>("GET", `/v1/channels/${message.channel}/messages/${message.seq}`);
}
