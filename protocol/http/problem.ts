/** Refusals over HTTP: RFC 9457 problem documents. Rule P18. */
import * as v from "valibot";
import { CODES } from "../codes.ts";
import type { Refusal } from "../codes.ts";
import { ErrorCodeSchema } from "../frames/server.ts";
import { CountSchema } from "../schema/basics.ts";

export const PROBLEM_CONTENT_TYPE = "application/problem+json";

export const ProblemSchema = v.object({
  type: v.string(),
  title: v.string(),
  status: v.number(),
  code: ErrorCodeSchema,
  detail: v.string(),
  retry_after_ms: v.exactOptional(CountSchema),
});
export type Problem = v.InferOutput<typeof ProblemSchema>;

export function toProblem(refusal: Refusal): Problem {
  const { status, meaning } = CODES[refusal.code];
  const problem: Problem = {
    type: `urn:damso:error:${refusal.code}`,
    title: meaning,
    status,
    code: refusal.code,
    detail: refusal.message,
  };
  if (refusal.retry_after_ms !== undefined) problem.retry_after_ms = refusal.retry_after_ms;
  return problem;
}
