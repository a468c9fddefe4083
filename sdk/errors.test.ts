import { expect, test } from "bun:test";
import { CODES } from "@damso/protocol/codes";
import type { ErrorCode } from "@damso/protocol/codes";
import { DamsoError } from "./errors.ts";

test("[P21] an error is retried exactly where the protocol's table says so", () => {
  for (const code of Object.keys(CODES) as ErrorCode[]) {
    expect([code, new DamsoError(code).retry]).toEqual([code, CODES[code].retry]);
  }
});
