import { expect, test } from "bun:test";
import type { PushRequest } from "@damso/core/push/rules";
import { createRecordingPush } from "./push.ts";

const request = (pos: number): PushRequest => ({
  kind: "read",
  user_id: "1500000000000000001" as PushRequest["user_id"],
  pos,
  channel: "g1500000000000000002" as PushRequest["channel"],
  seq: pos,
  badge: 1,
  seen_by: [],
  tries: 0,
});

test("[I20] keeps what it was asked for, in order, and the newest thousand at most", async () => {
  const push = createRecordingPush();
  for (let pos = 1; pos <= 1200; pos++) await push.push(request(pos));
  expect(push.taken()).toHaveLength(1000);
  expect(push.taken().map(({ pos }) => pos)).toEqual(
    Array.from({ length: 1000 }, (_, i) => i + 201),
  );
});
