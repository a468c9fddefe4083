/** The calls of `media.ts` in the API description. By hand: their bodies are bytes, which no schema of ours describes. */
import { CODES } from "../codes.ts";
import type { ErrorCode } from "../codes.ts";
import type { JsonObject } from "../describe.ts";
import { MEDIA_LIMITS, MEDIA_PATH } from "./media.ts";
import { PROBLEM_CONTENT_TYPE } from "./problem.ts";

const BYTES: JsonObject = { "*/*": { schema: { type: "string", format: "binary" } } };
const UPLOADED: JsonObject = {
  type: "object",
  required: ["id", "content_type", "bytes"],
  properties: {
    id: { type: "string" },
    content_type: { type: "string" },
    bytes: { type: "integer", minimum: 1, maximum: MEDIA_LIMITS.bytes_max },
  },
};
const ID: JsonObject = { name: "media_id", in: "path", required: true, schema: { type: "string" } };

/** What the route table does not have: `method path operation`. */
export const MEDIA_CALLS = [
  `post ${MEDIA_PATH} uploadMedia`,
  `get ${MEDIA_PATH}/{media_id} getMedia`,
  `delete ${MEDIA_PATH}/{media_id} deleteMedia`,
] as const;

/** `problem` is a reference to the schema of refusals. */
export function mediaPaths(problem: JsonObject): Record<string, JsonObject> {
  const call = (operationId: string, summary: string, more: JsonObject): JsonObject => ({
    operationId,
    summary,
    tags: ["media"],
    security: [{ bearer: [] }, { cookie: [] }],
    ...more,
  });
  const refused = (...codes: ErrorCode[]): JsonObject => failures(problem, codes);
  return {
    [MEDIA_PATH]: {
      post: call("uploadMedia", "Store one picture or file, sent as the body", {
        requestBody: { required: true, content: BYTES },
        responses: {
          201: { description: "Stored", content: { "application/json": { schema: UPLOADED } } },
          ...refused("empty", "too_large"),
        },
      }),
    },
    [`${MEDIA_PATH}/{media_id}`]: {
      get: call("getMedia", "The bytes, or one range of them", {
        parameters: [ID],
        responses: {
          200: { description: "All of it", content: BYTES },
          206: { description: "The range that was asked for", content: BYTES },
          416: { description: "The range begins behind the end" },
          ...refused("not_found"),
        },
      }),
      delete: call("deleteMedia", "Delete what I uploaded", {
        parameters: [ID],
        responses: { 204: { description: "Done" }, ...refused("not_found", "forbidden") },
      }),
    },
  };
}

/** One response a status, as the calls of the route table have them. */
function failures(problem: JsonObject, own: readonly ErrorCode[]): JsonObject {
  const responses: Record<string, JsonObject> = {};
  for (const code of [...own, "unauthenticated", "rate_limited", "busy"] as const) {
    const { status, meaning } = CODES[code];
    const said = `\`${code}\`: ${meaning}`;
    const earlier = responses[status]?.["description"];
    responses[status] = {
      description: typeof earlier === "string" ? `${earlier}; ${said}` : said,
      content: { [PROBLEM_CONTENT_TYPE]: { schema: problem } },
    };
  }
  return responses;
}
