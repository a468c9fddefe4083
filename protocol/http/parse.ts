/** From an HTTP request that anyone may have sent to the input of its handler. Rules P11, P22. */
import * as v from "valibot";
import type { Refusal } from "../codes.ts";
import { issueRefusal } from "../frames/parse.ts";
import { ROUTES } from "./routes.ts";
import type { Operation, RouteInput } from "./routes.ts";

/** Path parameters percent-decoded, the query's last value of each name, the body as parsed JSON or undefined. */
export type RawRequest = {
  params: Record<string, string>;
  query: Record<string, string>;
  body: unknown;
};
export type ParsedRequest<K extends Operation> =
  | { ok: true; input: RouteInput<K> }
  | { ok: false; refusal: Refusal };

/** Validates one request. Never throws. A call whose body has only optional fields may come without one. */
export function parseRequest<K extends Operation>(operation: K, raw: RawRequest): ParsedRequest<K> {
  const { params, query, body } = ROUTES[operation];
  const input: Record<string, unknown> = { body: undefined };
  const parts = [
    ["params", params, raw.params],
    ["query", query, raw.query],
    ["body", body, raw.body ?? {}],
  ] as const;
  for (const [name, schema, value] of parts) {
    if (schema === null) continue;
    const result = v.safeParse(schema, value, {
      abortEarly: true,
      abortPipeEarly: true,
    });
    if (!result.success)
      return { ok: false, refusal: issueRefusal(result.issues[0], `the ${name}`) };
    input[name] = result.output;
  }
  return { ok: true, input: input as RouteInput<K> };
}
