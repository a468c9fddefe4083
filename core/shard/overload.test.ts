import { expect, test } from "bun:test";
import { overloaded } from "./overload.ts";

test("[I20][I22] a store whose table does not keep up makes the shard busy, until it does", () => {
  let pressed = true;
  const shard = {
    failure: undefined,
    committer: { waiting: () => 0 },
    lanes: { size: () => 0 },
    pressed: () => pressed,
  } as never;
  expect(overloaded(shard)?.refusal).toMatchObject({ code: "busy", retry_after_ms: 200 });
  pressed = false;
  expect(overloaded(shard)).toBeUndefined();
});
