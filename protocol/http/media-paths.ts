/** The calls of `media.ts` in the API description. By hand: their bodies are bytes, which no schema of ours describes. */
import type { ErrorCode } from "../codes.ts";
import type { Described, JsonObject } from "../describe.ts";
import { failures, SECURITY } from "./described.ts";
import { MEDIA_PATH, UploadedSchema } from "./media.ts";
import { ProblemSchema } from "./problem.ts";

const BYTES: JsonObject = { "*/*": { schema: { type: "string", format: "binary" } } };
const ID: JsonObject = { name: "media_id", in: "path", required: true, schema: { type: "string" } };

/** What the route table does not have: `method path operation`. */
export const MEDIA_CALLS = [
  `post ${MEDIA_PATH} uploadMedia`,
  `get ${MEDIA_PATH}/{media_id} getMedia`,
  `delete ${MEDIA_PATH}/{media_id} deleteMedia`,
] as const;

export function mediaPaths(described: Described): Record<string, JsonObject> {
  const call = (operationId: string, summary: string, more: JsonObject): JsonObject => ({
    operationId,
    summary,
    tags: ["media"],
    security: SECURITY.required,
    ...more,
  });
  const problem = described.ref(ProblemSchema);
  const refused = (...codes: ErrorCode[]): JsonObject =>
    failures([...codes, "unauthenticated", "rate_limited", "busy"], problem);
  const uploaded = { "application/json": { schema: described.ref(UploadedSchema) } };
  return {
    [MEDIA_PATH]: {
      post: call("uploadMedia", "Store one picture or file, sent as the body", {
        requestBody: { required: true, content: BYTES },
        responses: {
          201: { description: "Stored", content: uploaded },
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
