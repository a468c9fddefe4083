/** What every call has in the API description, whether it stands in the route table or not. */
import { CODES } from "../codes.ts";
import type { ErrorCode } from "../codes.ts";
import type { JsonObject } from "../describe.ts";
import { PROBLEM_CONTENT_TYPE } from "./problem.ts";
import type { Route } from "./route.ts";

/** Who may call: any of those named. */
export const SECURITY: Record<Route["auth"], JsonObject[]> = {
  none: [],
  required: [{ bearer: [] }, { cookie: [] }],
  admin: [{ admin: [] }, { bearer: [] }, { cookie: [] }],
};

/** One response a status, with the codes that it may carry. `problem` is a reference to the schema of refusals. */
export function failures(refusals: readonly ErrorCode[], problem: JsonObject): JsonObject {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of refusals) {
    const { status } = CODES[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const responses: JsonObject = {};
  for (const [status, codes] of byStatus) {
    const carried = { properties: { code: { enum: codes } } };
    responses[status] = {
      description: codes.map((code) => `\`${code}\`: ${CODES[code].meaning}`).join("; "),
      content: { [PROBLEM_CONTENT_TYPE]: { schema: { allOf: [problem, carried] } } },
    };
  }
  return responses;
}
