/** Frames that read: missed events, history, the channel list. Rules P16, D15. */
import type { EventsPage } from "@damso/core/shard/commands";
import type { ClientFrames } from "@damso/protocol/frames/client";
import { mayAsk } from "../allow.ts";
import { askPage, request } from "../ask.ts";
import { channelsLeft } from "../left.ts";
import { readChannels, readHistory } from "../reads.ts";
import { frameOf } from "../replies.ts";
import type { Hub, Ready } from "../types.ts";

export function onSync(hub: Hub, connection: Ready, frame: ClientFrames["sync"]): void {
  if (!mayAsk(hub, connection, frame.id)) return;
  const { type: _type, id, ...sync } = frame;
  const { user_id } = connection.attachee;
  askPage(
    hub,
    connection,
    id,
    () => request<"sync">(hub, { kind: "sync", user_id, ...sync }),
    (reply_id, page: EventsPage) => {
      connection.told = Math.max(connection.told, page.feed.head);
      channelsLeft(hub, connection.user, page);
      return frameOf("events", reply_id, page);
    },
  );
}

export function onHistory(hub: Hub, connection: Ready, frame: ClientFrames["history"]): void {
  if (!mayAsk(hub, connection, frame.id)) return;
  const { type: _type, id, ...query } = frame;
  const { user_id } = connection.attachee;
  askPage(
    hub,
    connection,
    id,
    () => readHistory(hub.bus, { user_id, ...query }),
    (reply_id, page) => frameOf("messages", reply_id, { channel: query.channel, ...page }),
  );
}

export function onChannels(hub: Hub, connection: Ready, frame: ClientFrames["channels"]): void {
  if (!mayAsk(hub, connection, frame.id)) return;
  const { type: _type, id, ...query } = frame;
  const { user_id } = connection.attachee;
  askPage(
    hub,
    connection,
    id,
    () => readChannels(hub.bus, { user_id, ...query }),
    (reply_id, page) => frameOf("channel_list", reply_id, page),
  );
}
