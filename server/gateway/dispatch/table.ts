/** One handler a frame type: a type without one does not compile. */
import type { ClientFrame, ClientFrames, ClientFrameType } from "@damso/protocol/frames/client";
import type { Hub, Ready } from "../types.ts";
import { onAck, onPing } from "./beats.ts";
import { onClose, onOpen, onTyping, onWatch } from "./looks.ts";
import { onDelete, onEdit, onPin, onReact, onSend } from "./messages.ts";
import { onRead, onSet } from "./own.ts";
import { onChannels, onHistory, onSync } from "./pages.ts";

type Handlers = {
  [T in Exclude<ClientFrameType, "hello">]: (
    hub: Hub,
    connection: Ready,
    frame: ClientFrames[T],
  ) => void;
};

const HANDLERS: Handlers = {
  send: onSend,
  edit: onEdit,
  delete: onDelete,
  react: onReact,
  pin: onPin,
  read: onRead,
  set: onSet,
  ack: onAck,
  sync: onSync,
  history: onHistory,
  channels: onChannels,
  open: onOpen,
  close: onClose,
  watch: onWatch,
  typing: onTyping,
  ping: onPing,
};

/** Handles one frame of a ready connection, without waiting: the next frame finds this one's command on its way. */
export function dispatch(
  hub: Hub,
  connection: Ready,
  frame: Exclude<ClientFrame, { type: "hello" }>,
): void {
  (HANDLERS[frame.type] as (hub: Hub, connection: Ready, frame: ClientFrame) => void)(
    hub,
    connection,
    frame,
  );
}
