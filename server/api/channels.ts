/** Channels as their members see them. Each call is the twin of a frame, or a command of its own. Rules P9, P19, D3. */
import { groupId } from "@damso/core/channel/group-id";
import { done, refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import type { Nothing } from "@damso/core/shard/commands";
import { uuidV7 } from "@damso/protocol/ids";
import type { ChannelId } from "@damso/protocol/ids";
import type { Channel } from "@damso/protocol/schema/channel";
import { readChannel, readChannels } from "../gateway/reads.ts";
import { readChanged } from "./after-change.ts";
import type { Call, Handlers } from "./call.ts";
import type { ApiDeps } from "./deps.ts";

type Own =
  | "createChannel"
  | "listChannels"
  | "getChannel"
  | "patchChannel"
  | "patchOwnSettings"
  | "readChannel"
  | "typing";

/** Ids that a client id may lead to before a group gives up: each is taken by chance, so a second one is rare. */
const ATTEMPTS_MAX = 8;

export function channelHandlers(deps: ApiDeps): Handlers<Own> {
  const { bus } = deps;
  return {
    createChannel: (call) => createChannel(deps, call),
    listChannels: ({ caller, query }) => readChannels(bus, { user_id: caller.user_id, ...query }),
    getChannel: ({ caller, params }) => readChannel(bus, caller.user_id, params.channel_id),
    patchChannel: async ({
      caller: { user_id },
      params: { channel_id: channel },
      body,
      signal,
    }) => {
      const command = { kind: "patch_channel", user_id, channel, ...body } as const;
      const changed = await bus.request<"patch_channel">(command, signal);
      if (!changed.ok) return changed;
      return await readChanged(deps, () => readChannel(bus, user_id, channel));
    },
    patchOwnSettings: async ({ caller: { user_id }, params, body, signal }) => {
      const command = { kind: "set", user_id, channel: params.channel_id, set: body } as const;
      return noContent(await bus.request<"set">(command, signal));
    },
    readChannel: async ({ caller: { user_id }, params, body: { seq }, signal }) => {
      const command = { kind: "read", user_id, channel: params.channel_id, seq } as const;
      return noContent(await bus.request<"read">(command, signal));
    },
    typing: async ({ caller: { user_id }, params, signal }) => {
      const channel = params.channel_id;
      if (!deps.typing.take(user_id, channel)) return done(undefined);
      const command = { kind: "typing", user_id, channel } as const;
      return noContent(await bus.request<"typing">(command, signal));
    },
  };
}

export function noContent(result: Result<unknown>): Result<undefined> {
  return result.ok ? done(undefined) : result;
}

async function createChannel(deps: ApiDeps, call: Call<"createChannel">): Promise<Result<Channel>> {
  const { user_id } = call.caller;
  const client_id =
    call.body.client_id ?? uuidV7(deps.clock.now(), crypto.getRandomValues(new Uint8Array(10)));
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const channel = groupId(user_id, client_id, attempt);
    const created = await tryGroup(deps, call, channel, client_id);
    if (created.ok) return await readChanged(deps, () => readChannel(deps.bus, user_id, channel));
    if (created.refusal.code !== "conflict") return created;
  }
  return refuse("conflict", "no free id for this client_id");
}

function tryGroup(
  deps: ApiDeps,
  { caller, body, signal }: Call<"createChannel">,
  channel: ChannelId,
  client_id: Exclude<Call<"createChannel">["body"]["client_id"], undefined>,
): Promise<Result<Nothing>> {
  return deps.bus.request<"create_group">(
    { kind: "create_group", user_id: caller.user_id, channel, ...body, client_id },
    signal,
  );
}
