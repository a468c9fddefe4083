/** Names for notifications. They change seldom, so each is asked for at most twice a minute. */
import type { Accounts } from "@damso/core/ports/accounts";
import type { Bus } from "@damso/core/ports/bus";
import type { Clock } from "@damso/core/ports/clock";
import type { PushRequest } from "@damso/core/push/rules";
import type { ChannelId, UserId } from "@damso/protocol/ids";
import type { Names } from "./notice.ts";
import { once } from "./once.ts";

const KEPT_MS = 30_000;
const KEPT_MAX = 10_000;

export type NamesOf = (request: PushRequest) => Promise<Names>;

type NamesDeps = {
  accounts: { users: Pick<Accounts["users"], "byIds"> };
  bus: Pick<Bus, "request">;
  clock: Clock;
};

/** Rejects when they cannot be asked for: the push is tried again. */
export function createNames({ accounts, bus, clock }: NamesDeps): NamesOf {
  const options = { ms: KEPT_MS, max: KEPT_MAX, now: () => clock.now() };
  const personOf = once(async (user_id) => {
    const [user] = await accounts.users.byIds([user_id as UserId]);
    return user?.name ?? "";
  }, options);
  const groupOf = once((key) => askGroup(bus, key), options);
  return async (request) => {
    if (request.kind !== "message" || request.private) return { sender: "", group: undefined };
    const { channel, user_id, message } = request;
    // By channel and member: who is not one is not told its name.
    const group = channel.startsWith("g") ? groupOf(`${channel} ${user_id}`) : undefined;
    const [sender, name] = await Promise.all([personOf(message.sender_id), group]);
    return { sender, group: name };
  };
}

async function askGroup(bus: Pick<Bus, "request">, key: string): Promise<string | undefined> {
  const [channel, user_id] = key.split(" ") as [ChannelId, UserId];
  const answer = await bus.request({ kind: "view", channel, user_id });
  if (answer.ok) return answer.value.view.name;
  if (answer.refusal.code === "not_member" || answer.refusal.code === "not_found") return undefined;
  throw new Error(`the name of a channel cannot be asked for: ${answer.refusal.code}`);
}
