/** What shards answer, for tests that do not care for the details. */
import type { MemberView, OwnView, Sent } from "@damso/core/shard/commands";
import { directChannel } from "@damso/protocol/ids";
import type { ClientId, MessageId } from "@damso/protocol/ids";
import type { Message } from "@damso/protocol/schema/message";
import { ANN, BEN } from "./scene.testing.ts";

export const CHANNEL = directChannel(ANN, BEN);
export const CLIENT_ID = "01890a5d-ac96-774b-bcce-b302099a8057" as ClientId;
const CREATED_AT = "2026-01-01T00:00:00.000Z";

export const MESSAGE: Message = {
  message_id: "1400000000000000001" as MessageId,
  channel: CHANNEL,
  seq: 3,
  kind: "text",
  sender_id: ANN,
  client_id: CLIENT_ID,
  body: "안녕",
  created_at: CREATED_AT,
  rev: 1,
  body_rev: 1,
};

export const SENT: Sent = {
  channel: CHANNEL,
  client_id: CLIENT_ID,
  seq: 3,
  message_id: MESSAGE.message_id,
  created_at: CREATED_AT,
};

export const OWN: OwnView = {
  channel: CHANNEL,
  pos: 9,
  activity: 8,
  visible_from: 1,
  head: 3,
  read: 2,
  unread: 1,
  unread_mentions: 0,
  cleared_to: 1,
  hidden: [[2, 2]],
};

export const VIEW: MemberView = {
  view: {
    id: CHANNEL,
    kind: "direct",
    created_at: CREATED_AT,
    members: [
      { user_id: ANN, role: "member" },
      { user_id: BEN, role: "member" },
    ],
    settings: { history: "from_join", invite: "members" },
    pins: [],
    head: 3,
    last: MESSAGE,
  },
  visible_from: 1,
  blocked: false,
};
