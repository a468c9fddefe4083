/**
 * What a change in the accounts store means to the shards. Everything here may happen twice: an outbox row that was
 * delivered but not yet deleted when the process died is delivered again. Rules X5, X12, X13.
 */
import type { AccountChange } from "@damso/core/ports/account-records";
import type { Bus } from "@damso/core/ports/bus";
import type { Signal } from "@damso/core/ports/signal";
import { done } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import type { CommandOf, Nothing } from "@damso/core/shard/commands";
import type { SessionId, UserId } from "@damso/protocol/ids";
import { departAll } from "./depart.ts";

type Requests = Pick<Bus, "request">;
type AccountCommand = CommandOf<"account">;

/** Delivers one user's changes, oldest first; a refusal means that the rest did not go out. */
export async function deliver(
  bus: Requests,
  user_id: UserId,
  changes: readonly AccountChange[],
  signal?: Signal,
): Promise<Result<Nothing>> {
  const revoked = revokedBy(changes);
  if (revoked.length > 0) {
    const result = await revoke(bus, user_id, revoked, signal);
    if (!result.ok) return result;
  }
  for (const command of accountCommands(user_id, changes)) {
    const result = await bus.request<"account">({ kind: "account", ...command }, signal);
    if (!result.ok) return result;
  }
  if (!changes.some(({ kind }) => kind === "deleted")) return done({});
  return departAll(bus, user_id, signal);
}

/** Their sockets close, wherever they are. Invariant I17. */
export function revoke(
  bus: Requests,
  user_id: UserId,
  sessions: SessionId[],
  signal?: Signal,
): Promise<Result<Nothing>> {
  return bus.request<"revoke">({ kind: "revoke", user_id, sessions }, signal);
}

function revokedBy(changes: readonly AccountChange[]): SessionId[] {
  return [...new Set(changes.flatMap((change) => ("revoked" in change ? change.revoked : [])))];
}

/**
 * The commands that make the home read the account anew and tell the devices. Equal ones in a row are one: a device
 * reads the present state whatever number of changes led to it.
 */
export function accountCommands(
  user_id: UserId,
  changes: readonly AccountChange[],
): AccountCommand[] {
  const commands: AccountCommand[] = [];
  for (const change of changes) {
    const next = accountCommand(user_id, change);
    const last = commands.at(-1);
    if (last?.changed !== next.changed || last.about !== next.about) commands.push(next);
  }
  return commands;
}

function accountCommand(user_id: UserId, change: AccountChange): AccountCommand {
  switch (change.kind) {
    case "profile":
    case "settings":
    case "devices":
      return { user_id, changed: change.kind };
    case "contacts":
    case "blocks":
      return { user_id, changed: change.kind, about: change.other_id };
    // No device shows it, but the home notes pushes only for users who have a subscription.
    case "push":
      return { user_id, changed: "settings" };
    // Nobody is left to be told, but the home must learn that the account is gone.
    case "deleted":
      return { user_id, changed: "profile" };
  }
}
