/** Push subscriptions, at most one per device; they go with the session of the device. */
import type { PushTarget, Subscription } from "@damso/core/ports/account-records";
import { targetAddress } from "@damso/core/ports/account-records";
import type { NewSubscription, Subscriptions } from "@damso/core/ports/accounts";
import type { DeviceId, UserId } from "@damso/protocol/ids";
import type { Database, Transaction } from "./database.ts";
import { lockOther, lockUser, tell } from "./outbox.ts";
import type { Count } from "./rows.ts";

type Row = { device_id: DeviceId; user_id: UserId; target: string; created_at: Count };

export function sqlSubscriptions(database: Database): Subscriptions {
  return {
    put: (subscription, signal) => database.write((tx) => put(tx, subscription), signal),
    remove: (device, signal) =>
      database.write(async (tx) => {
        const { user_id, device_id, if_address, now } = device;
        if (!(await lockUser(tx, user_id, now))) return;
        const gone = await tx<unknown[]>`DELETE FROM subscriptions
          WHERE user_id = ${user_id} AND device_id = ${device_id}
          AND address = COALESCE(${if_address ?? null}, address) RETURNING device_id`;
        if (gone.length > 0) await tell(tx, user_id, { kind: "push" }, now);
      }, signal),
    listByUser: (user_id, signal) =>
      database.read(async (sql) => {
        const rows = await sql<Row[]>`SELECT device_id, user_id, target, created_at
          FROM subscriptions WHERE user_id = ${user_id}`;
        return rows.map(toSubscription);
      }, signal),
  };
}

async function put(tx: Transaction, subscription: NewSubscription): Promise<"ok" | "not_found"> {
  const { user_id, device_id, target, now } = subscription;
  if (!(await lockUser(tx, user_id, now))) return "not_found";
  const devices = await tx<unknown[]>`SELECT device_id FROM sessions
    WHERE device_id = ${device_id} AND user_id = ${user_id}`;
  if (devices.length === 0) return "not_found";

  const address = targetAddress(target);
  // One browser, two accounts one after the other: the first account's messages must not reach the second's reader.
  const taken = await tx<{ user_id: UserId }[]>`DELETE FROM subscriptions
    WHERE address = ${address} AND device_id <> ${device_id} RETURNING user_id`;
  for (const row of taken) {
    await lockOther(tx, row.user_id);
    await tell(tx, row.user_id, { kind: "push" }, now);
  }

  await tx`INSERT INTO subscriptions (device_id, user_id, address, target, created_at)
    VALUES (${device_id}, ${user_id}, ${address}, ${JSON.stringify(target)}, ${now})
    ON CONFLICT (device_id) DO UPDATE SET
      address = excluded.address, target = excluded.target, created_at = excluded.created_at`;
  await tell(tx, user_id, { kind: "push" }, now);
  return "ok";
}

function toSubscription(row: Row): Subscription {
  return {
    device_id: row.device_id,
    user_id: row.user_id,
    target: JSON.parse(row.target) as PushTarget,
    created_at: Number(row.created_at),
  };
}
