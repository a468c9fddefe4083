/** A process that creates users until it is killed, and says each name once the store has answered. */
import type { UserId } from "@damso/protocol/ids";
import { openSqliteAccounts } from "./open.ts";

const [file, prefix] = process.argv.slice(2);
if (file === undefined || prefix === undefined) throw new Error("usage: <file> <digit>");

const accounts = await openSqliteAccounts(file, 1);
for (let i = 0; ; i++) {
  const digits = `${prefix}${String(i).padStart(17, "0")}`;
  const user_id = `1${digits}` as UserId;
  const user = { user_id, username: `u${prefix}-${i}`, name: "U", password_hash: "hash" };
  await accounts.users.create({ ...user, created_at: 1 });
  await accounts.users.update(user_id, { about: user.username }, 1);
  process.stdout.write(`${user_id}\n`);
}
