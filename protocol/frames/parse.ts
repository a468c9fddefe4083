/** From bytes that anyone may have sent to a frame that the rest of the server can trust. Rules P10, P11. */
import * as v from "valibot";
import { isErrorCode, refusal } from "../codes.ts";
import type { Refusal } from "../codes.ts";
import { CLIENT_FRAMES } from "./client.ts";
import type { ClientFrame, ClientFrameType } from "./client.ts";

export type Parsed =
  | { ok: true; frame: ClientFrame }
  | { ok: false; id?: number; refusal: Refusal };

/** Validates one text frame. Never throws; the `id` is echoed when it is a number, so the client can match the error. */
export function parseClientFrame(text: string): Parsed {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return { ok: false, refusal: refusal("invalid", "the frame is not JSON") };
  }
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) {
    return { ok: false, refusal: refusal("invalid", "the frame is not a JSON object") };
  }
  const { type, id } = raw as { type?: unknown; id?: unknown };
  const echo = typeof id === "number" && Number.isSafeInteger(id) ? { id } : {};
  if (typeof type !== "string" || !Object.hasOwn(CLIENT_FRAMES, type)) {
    return { ok: false, ...echo, refusal: refusal("unknown_type") };
  }
  const result = v.safeParse(CLIENT_FRAMES[type as ClientFrameType], raw, {
    abortEarly: true,
    abortPipeEarly: true,
  });
  if (result.success) return { ok: true, frame: result.output };
  return { ok: false, ...echo, refusal: issueRefusal(result.issues[0]) };
}

/** The code that a schema named for the fault, else `invalid`, with the path of the field or the name of the `whole`. */
export function issueRefusal(issue: v.BaseIssue<unknown>, whole = "the frame"): Refusal {
  const path = v.getDotPath(issue) ?? "";
  if (isErrorCode(issue.message)) return refusal(issue.message, `${path}: ${issue.message}`);
  return refusal("invalid", `${path === "" ? whole : path} does not have the documented shape`);
}
