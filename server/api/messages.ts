/** History, sending, and changing messages: the twins of the frames. Rules P16, P19, D10, D11, D21. */
import { done } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import { NO_RANGES } from "@damso/core/user/ranges";
import type { ChannelId, Seq, UserId } from "@damso/protocol/ids";
import type { Message } from "@damso/protocol/schema/message";
import { readHistory, readMessage } from "../gateway/reads.ts";
import { readChanged } from "./after-change.ts";
import type { Call, Handler, Handlers } from "./call.ts";
import type { ApiDeps } from "./deps.ts";

type Own =
  | "getMessages"
  | "sendMessage"
  | "getMessage"
  | "editMessage"
  | "deleteMessage"
  | "addReaction"
  | "removeReaction"
  | "pin"
  | "unpin";

export function messageHandlers(deps: ApiDeps): Handlers<Own> {
  const { bus } = deps;
  return {
    getMessages: async ({ caller: { user_id }, params: { channel_id: channel }, query }) => {
      const page = await readHistory(bus, { user_id, channel, ...query });
      return page.ok ? done({ channel, ...page.value }) : page;
    },
    sendMessage: ({ caller: { user_id }, params: { channel_id: channel }, body, signal }) =>
      bus.request<"send">({ kind: "send", user_id, channel, ...body }, signal),
    getMessage: (call) => readMessage(bus, placeOf(call)),
    editMessage: async (call) => {
      const command = { kind: "edit", ...placeOf(call), ...call.body } as const;
      return after(deps, call, await bus.request<"edit">(command, call.signal));
    },
    deleteMessage: async (call) => {
      const kind = call.query.for === "all" ? "delete" : "hide";
      const command = { kind, ...placeOf(call) } as const;
      return after(deps, call, await bus.request<"delete" | "hide">(command, call.signal));
    },
    addReaction: react(deps, true),
    removeReaction: react(deps, false),
    pin: pin(deps, true),
    unpin: pin(deps, false),
  };
}

type Place = { user_id: UserId; channel: ChannelId; seq: Seq };
type Placed = Pick<Call<"getMessage">, "caller" | "params" | "signal">;

function placeOf({ caller, params }: Placed): Place {
  return { user_id: caller.user_id, channel: params.channel_id, seq: params.seq };
}

function react(deps: ApiDeps, on: boolean): Handler<"addReaction" | "removeReaction"> {
  return async (call) => {
    const { emoji } = call.params;
    const command = { kind: "react", ...placeOf(call), emoji, on } as const;
    return after(deps, call, await deps.bus.request<"react">(command, call.signal));
  };
}

function pin(deps: ApiDeps, on: boolean): Handler<"pin" | "unpin"> {
  return async (call) => {
    const command = { kind: "pin", ...placeOf(call), on } as const;
    return after(deps, call, await deps.bus.request<"pin">(command, call.signal));
  };
}

/**
 * The message as it is after a change of it. What the caller cleared or hid for himself does not matter here: he named
 * the message, and the channel still says whether he may see it.
 */
async function after(
  deps: ApiDeps,
  call: Placed,
  changed: Result<unknown>,
): Promise<Result<Message>> {
  if (!changed.ok) return changed;
  const own = { cleared_to: 0, hidden: NO_RANGES };
  const command = { kind: "message", ...placeOf(call), own } as const;
  return await readChanged(deps, () => deps.bus.request<"message">(command, call.signal));
}
