/** Rows of `pushes` that are not for a new message, but for what became of what devices show. Rules N9, N17. */
import type { UserId, Pos } from "@damso/protocol/ids";
import type { PushRow, Put } from "../tables.ts";
import { notePush } from "./checkpoint.ts";
import type { Shard } from "./context.ts";

/** Somebody who reads goes on reading: one push says what several marks have changed. */
export const WITHDRAW_DELAY_MS = 1000;

/** `pos`: of the entry that it is for. Two rows of one entry are never due in the same moment. */
export function putRow(shard: Shard, user_id: UserId, row: PushRow, pos: Pos, puts: Put[]): void {
  const due_at = shard.clock.now() + WITHDRAW_DELAY_MS;
  puts.push({ table: "pushes", key: [shard.shard, due_at, user_id, pos], row });
  notePush(shard, due_at, puts);
}
