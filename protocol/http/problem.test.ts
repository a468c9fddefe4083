import { expect, test } from "bun:test";
import * as v from "valibot";
import { CODES, refusal } from "../codes.ts";
import type { ErrorCode } from "../codes.ts";
import { ProblemSchema, toProblem } from "./problem.ts";

test("[P18] a refusal becomes a problem document with the status of its code", () => {
  expect(toProblem(refusal("rate_limited", "slow down", 1500))).toEqual({
    type: "urn:damso:error:rate_limited",
    title: CODES.rate_limited.meaning,
    status: 429,
    code: "rate_limited",
    detail: "slow down",
    retry_after_ms: 1500,
  });
});

test("[P18] every code has its problem document", () => {
  for (const code of Object.keys(CODES) as ErrorCode[]) {
    const problem = toProblem(refusal(code));
    expect(v.parse(ProblemSchema, problem)).toEqual(problem);
    expect(problem.status).toBe(CODES[code].status);
  }
});
