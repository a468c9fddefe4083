/** Contacts, blocks and push subscriptions, in memory. */
import type { Contact } from "@damso/core/ports/account-records";
import { targetAddress } from "@damso/core/ports/account-records";
import type {
  Contacts,
  Listing,
  NewSubscription,
  Pair,
  Subscriptions,
} from "@damso/core/ports/accounts";
import type { UserId } from "@damso/protocol/ids";
import type { AccountsData, Run } from "./accounts-data.ts";
import { isLiving, tell } from "./accounts-data.ts";

type Kind = "contacts" | "blocks";

export function memoryContacts(data: AccountsData, run: Run): Contacts {
  return {
    list: (user_id, signal) => run(signal, () => list(data, "contacts", user_id)),
    put: (listing, signal) => run(signal, () => put(data, "contacts", listing)),
    remove: (pair, signal) => run(signal, () => remove(data, "contacts", pair)),
    listBlocks: (user_id, signal) => run(signal, () => list(data, "blocks", user_id)),
    putBlock: (listing, signal) => run(signal, () => put(data, "blocks", listing)),
    removeBlock: (pair, signal) => run(signal, () => remove(data, "blocks", pair)),
    isBlocked: ({ user_id, other_id }, signal) =>
      run(signal, () => data.blocks.get(user_id)?.has(other_id) ?? false),
  };
}

function list(data: AccountsData, kind: Kind, user_id: UserId): Contact[] {
  const entries = [...(data[kind].get(user_id) ?? [])];
  return entries
    .map(([user_id, created_at]) => ({ user_id, created_at }))
    .sort((a, b) => a.created_at - b.created_at || (a.user_id < b.user_id ? -1 : 1));
}

function put(data: AccountsData, kind: Kind, listing: Listing): "ok" | "not_found" | "full" {
  const { user_id, other_id, now, max } = listing;
  const living = isLiving(data, user_id) && isLiving(data, other_id);
  if (user_id === other_id || !living) return "not_found";
  const others = data[kind].get(user_id) ?? new Map<UserId, number>();
  if (others.has(other_id)) return "ok";
  if (others.size >= max) return "full";
  data[kind].set(user_id, others.set(other_id, now));
  tell(data, user_id, { kind, other_id }, now);
  return "ok";
}

function remove(data: AccountsData, kind: Kind, pair: Pair): void {
  const { user_id, other_id, now } = pair;
  const was = data[kind].get(user_id)?.delete(other_id);
  if (was) tell(data, user_id, { kind, other_id }, now);
}

export function memorySubscriptions(data: AccountsData, run: Run): Subscriptions {
  return {
    put: (subscription, signal) => run(signal, () => subscribe(data, subscription)),
    remove: ({ user_id, device_id, if_address, now }, signal) =>
      run(signal, () => {
        const row = data.subscriptions.get(device_id);
        if (row?.user_id !== user_id) return;
        if (if_address !== undefined && targetAddress(row.target) !== if_address) return;
        data.subscriptions.delete(device_id);
        tell(data, user_id, { kind: "push" }, now);
      }),
    listByUser: (user_id, signal) =>
      run(signal, () => [...data.subscriptions.values()].filter((row) => row.user_id === user_id)),
  };
}

function subscribe(data: AccountsData, subscription: NewSubscription): "ok" | "not_found" {
  const { user_id, device_id, target, now } = subscription;
  const sessions = [...data.sessions.values()];
  if (!sessions.some((kept) => kept.device_id === device_id && kept.user_id === user_id)) {
    return "not_found";
  }
  for (const row of data.subscriptions.values()) {
    if (row.device_id === device_id) continue;
    if (targetAddress(row.target) !== targetAddress(target)) continue;
    data.subscriptions.delete(row.device_id);
    tell(data, row.user_id, { kind: "push" }, now);
  }
  data.subscriptions.set(device_id, { device_id, user_id, target, created_at: now });
  tell(data, user_id, { kind: "push" }, now);
  return "ok";
}
