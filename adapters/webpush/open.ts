/** Web Push (RFC 8030): one POST for each message, encrypted for the browser and signed by this server. */
import { createHash } from "node:crypto";
import type { PushTarget } from "@damso/core/ports/account-records";
import type { ChatNotice, Delivery, PushSender, SendOutcome } from "@damso/core/ports/push";
import type { DialFailure, Message, Post, Reply } from "../outbound/dial.ts";
import { later } from "../outbound/retry.ts";
import { encryptMessage, parseReceiver } from "./encrypt.ts";
import { payloadOf } from "./payload.ts";
import { endpointRefusal } from "./services.ts";
import type { Vapid } from "./vapid.ts";

export type WebPushOptions = {
  vapid: Vapid;
  post: Post;
  /** Names of push services; see `services.ts`. */
  services: readonly string[];
  anywhere: boolean;
  /** Where the app is, with a slash at its end. */
  page: string;
  now: () => number;
};

type WebTarget = Extract<PushTarget, { kind: "webpush" }>;

export function openWebPush(options: WebPushOptions): PushSender {
  return {
    async send(delivery) {
      const target = webTarget(delivery.target);
      const why = refusalOf(options, target);
      if (why !== undefined) return { outcome: "refused", why };
      const { notice } = delivery;
      if (notice.kind === "badge" || isShownAlways(target, notice))
        return { outcome: "refused", why: "silent" };
      const message = messageOf(options, target, { ...delivery, notice });
      return message === undefined
        ? { outcome: "gone", why: "keys" }
        : post(options, target.endpoint, message);
    },
    serviceOf: (target) => new URL(webTarget(target).endpoint).host,
    refusal(target) {
      const wanted = webTarget(target);
      const keys = parseReceiver(wanted.keys) ? undefined : "the keys are not those of a browser";
      return refusalOf(options, wanted) ?? keys;
    },
    close: () => Promise.resolve(),
  };
}

function webTarget(target: PushTarget): WebTarget {
  if (target.kind !== "webpush") throw new Error(`${target.kind} is not for Web Push`);
  return target;
}

const refusalOf = (options: WebPushOptions, { endpoint }: WebTarget): string | undefined =>
  endpointRefusal(endpoint, options);

/**
 * Safari takes the permission away from who pushes without showing anything. Others let it pass so seldom that none of
 * it is left for a number alone. Rules N9, N17.
 */
const isShownAlways = ({ endpoint }: WebTarget, { kind }: ChatNotice): boolean =>
  kind === "read" && new URL(endpoint).hostname.endsWith(".push.apple.com");

/** Undefined when the subscription's keys are none: nobody could read it. */
function messageOf(
  { vapid, page }: WebPushOptions,
  target: WebTarget,
  { notice, collapse, ttl_s }: Delivery & { notice: ChatNotice },
): Message | undefined {
  const receiver = parseReceiver(target.keys);
  if (!receiver) return undefined;
  try {
    const body = encryptMessage(payloadOf(notice, page), receiver);
    const headers = {
      authorization: vapid.authorization(target.endpoint),
      "content-encoding": "aes128gcm",
      "content-type": "application/octet-stream",
      ttl: String(ttl_s),
      urgency: notice.kind === "message" ? "high" : "normal",
      topic: topicOf(target.endpoint, collapse),
    };
    return { headers, body };
  } catch {
    return undefined;
  }
}

/**
 * At most 32 characters of base64url (RFC 8030, 5.4), that tell the service nothing: they are of the device too, so that
 * nobody sees who is in the same chat.
 */
const topicOf = (endpoint: string, collapse: string): string =>
  createHash("sha256").update(`${endpoint} ${collapse}`).digest("base64url").slice(0, 32);

async function post(
  options: WebPushOptions,
  endpoint: string,
  message: Message,
): Promise<SendOutcome> {
  try {
    return outcomeOf(await options.post(endpoint, message), options.now());
  } catch (error) {
    // The text of the address was looked at before: one that is not public is a name server's word of the moment.
    return { outcome: "later", why: (error as DialFailure).code };
  }
}

/** RFC 8030, 5 and 7.3. */
export function outcomeOf(
  { status, headers }: Pick<Reply, "status" | "headers">,
  now: number,
): SendOutcome {
  const why = String(status);
  if (status >= 200 && status < 300) return { outcome: "sent" };
  if (status === 404 || status === 410) return { outcome: "gone", why };
  if (status === 429 || status >= 500) return later(why, headers.get("retry-after"), now);
  return { outcome: "refused", why };
}
