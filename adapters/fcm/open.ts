/** Firebase Cloud Messaging, HTTP v1: the way to Android devices. Rule N13. */
import type { PushSender, SendOutcome } from "@damso/core/ports/push";
import type { DialFailure, Post, Reply } from "../outbound/dial.ts";
import { later } from "../outbound/retry.ts";
import { createTokens } from "./account.ts";
import type { ServiceAccount } from "./account.ts";
import { bodyOf } from "./payload.ts";

export const FCM_URL = "https://fcm.googleapis.com";

export type FcmOptions = { account: ServiceAccount; post: Post; url: string; now: () => number };

export function openFcm({ account, post, url, now }: FcmOptions): PushSender {
  const tokens = createTokens(account, post, now);
  const address = `${url}/v1/projects/${account.project_id}/messages:send`;
  return {
    async send(delivery) {
      const { notice } = delivery;
      // Android counts by itself. Rule N17.
      if (notice.kind === "badge") return { outcome: "refused", why: "silent" };
      const body = bodyOf({ ...delivery, notice });
      const ask = async (): Promise<Reply> => {
        const token = await tokens.token();
        const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
        const reply = await post(address, { headers, body });
        if (reply.status === 401) tokens.drop(token);
        return reply;
      };
      try {
        const reply = await ask();
        return outcomeOf(reply.status === 401 ? await ask() : reply, now());
      } catch (error) {
        return { outcome: "later", why: (error as Partial<DialFailure>).code ?? "token" };
      }
    },
    serviceOf: () => "fcm",
    refusal: () => undefined,
    close: () => Promise.resolve(),
  };
}

/** How long a busy FCM is left alone that does not say how long. */
const BUSY_MS = 60_000;

/**
 * As Google's description of the error codes of FCM has it. A token of another project (`SENDER_ID_MISMATCH`) is kept:
 * the mistake may be the key's, and then it is everybody's.
 */
function outcomeOf({ status, headers, body }: Reply, now: number): SendOutcome {
  if (status === 200) return { outcome: "sent" };
  const { code, fields, message } = errorOf(body);
  const why = code ?? String(status);
  if (code === "UNREGISTERED") return { outcome: "gone", why };
  // Which part of the message is wrong stands in a list of fields, or in the sentence alone.
  const token = fields.includes("message.token") || message.includes("registration token");
  if (status === 400 && token) return { outcome: "gone", why: "token" };
  if (status === 401 || status === 429 || status >= 500)
    return later(why, headers.get("retry-after"), now, status === 429 ? BUSY_MS : undefined);
  return { outcome: "refused", why };
}

type ErrorDetail = { errorCode?: unknown; fieldViolations?: { field?: unknown }[] };

type FcmError = { code: string | undefined; fields: unknown[]; message: string };

function errorOf(body: string): FcmError {
  try {
    const { error } = JSON.parse(body) as {
      error?: { message?: unknown; details?: ErrorDetail[] };
    };
    const details = error?.details ?? [];
    const code = details.find(({ errorCode }) => typeof errorCode === "string")?.errorCode;
    const violations = details.flatMap(({ fieldViolations }) => fieldViolations ?? []);
    return {
      code: code as string | undefined,
      fields: violations.map(({ field }) => field),
      message: typeof error?.message === "string" ? error.message : "",
    };
  } catch {
    return { code: undefined, fields: [], message: "" };
  }
}
