/** What pushes to devices: an adapter for each kind of service that is configured. */
import { lookup as lookupAll } from "node:dns/promises";
import { readFileSync } from "node:fs";
import type { Post } from "@damso/adapters/outbound/dial";
import type { Accounts } from "@damso/core/ports/accounts";
import type { PushSender, PushSenders } from "@damso/core/ports/push";
import { keysFile, loadKeys } from "../auth/keys.ts";
import type { Config } from "../config.ts";
import type { PushDoctorDeps } from "../doctor/push.ts";
import { refused } from "../portable/stores.ts";
import { systemTimers } from "../timers.ts";
import { createLookup } from "./lookup.ts";

/** What sends to devices, as far as it is configured. */
export type PushWiring = {
  senders: PushSenders;
  /** What browsers subscribe with. */
  vapid_public_key: string;
  /** Whom push services may ask; empty: nobody. */
  subject: string;
  /** Names of the push services of browsers. */
  services: readonly string[];
  close: () => Promise<void>;
};

/** The senders for which there are keys; browsers need none but the server's own. Errors: a code `refused` and a sentence. */
export async function wirePush(config: Config): Promise<PushWiring> {
  const { createPost } = await import("@damso/adapters/outbound/dial");
  const { openWebPush } = await import("@damso/adapters/webpush/open");
  const { PUSH_SERVICES } = await import("@damso/adapters/webpush/services");
  const { createVapid, deriveVapid } = await import("@damso/adapters/webpush/vapid");
  const now = (): number => Date.now();
  const { refresh } = await loadKeys(keysFile(config));
  const keys = deriveVapid(refresh);
  const lookup = createLookup(addressesOf, { timers: systemTimers, now });
  const anywhere = config.push_anywhere;
  const page = config.public_url === "" ? "/" : new URL("/", config.public_url).href;
  const subject = config.vapid_subject !== "" ? config.vapid_subject : httpsOnly(page);
  const services = [...PUSH_SERVICES, ...listOf(config.push_services)];
  const senders: PushSenders = {
    webpush: openWebPush({
      vapid: createVapid(keys, { subject, now }),
      post: createPost({ lookup, anywhere }),
      services,
      anywhere,
      page,
      now,
    }),
    ...(config.fcm_account !== "" && { fcm: await wireFcm(config, createPost({ lookup })) }),
    ...(config.apns_key !== "" && { apns: await wireApns(config) }),
  };
  return {
    senders,
    vapid_public_key: keys.public_key,
    subject,
    services,
    close: async () => {
      await Promise.all(Object.values(senders).map((sender) => sender.close()));
    },
  };
}

const httpsOnly = (url: string): string => (url.startsWith("https://") ? url : "");

const listOf = (text: string): string[] => text.split(",").filter((one) => one !== "");

async function addressesOf(host: string): Promise<string[]> {
  const found = await lookupAll(host, { all: true });
  return found.map(({ address }) => address);
}

async function wireFcm({ fcm_account }: Config, post: Post): Promise<PushSender> {
  const { parseAccount } = await import("@damso/adapters/fcm/account");
  const { FCM_URL, openFcm } = await import("@damso/adapters/fcm/open");
  const account = parseKey("--fcm-account", () => parseAccount(readFileSync(fcm_account, "utf8")));
  return openFcm({ account, post, url: FCM_URL, now: () => Date.now() });
}

async function wireApns(config: Config): Promise<PushSender> {
  const { APNS_SANDBOX_URL, APNS_URL, openApns, parseApnsKey } =
    await import("@damso/adapters/apns/open");
  const { apns_key, apns_key_id, apns_team_id, apns_sandbox } = config;
  const key = parseKey("--apns-key", () =>
    parseApnsKey(readFileSync(apns_key, "utf8"), apns_key_id, apns_team_id),
  );
  const url = apns_sandbox ? APNS_SANDBOX_URL : APNS_URL;
  return openApns({ key, now: () => Date.now(), session: { url } });
}

/** A file that cannot be read is told to whoever named it, without what is in it. */
function parseKey<T>(flag: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw refused(`${flag}: ${(error as Error).message}`);
  }
}

/** What `damso doctor push` looks at. The accounts are opened beside a server that runs. */
export async function wirePushDoctor(
  config: Config,
  accounts: Pick<Accounts, "users" | "subscriptions">,
): Promise<PushDoctorDeps & { close(): Promise<void> }> {
  const { isPublic } = await import("@damso/adapters/outbound/addresses");
  const { senders, vapid_public_key, subject, services, close } = await wirePush(config);
  const { public_url, push_anywhere } = config;
  return {
    vapid_public_key,
    senders,
    public_url,
    anywhere: push_anywhere,
    subject,
    // Of a whole domain there is no name to look up.
    hosts: services.filter((name) => !name.startsWith(".")),
    lookup: addressesOf,
    isPublic,
    clockOf,
    now: () => Date.now(),
    async subscriptionsOf(username) {
      const user = await accounts.users.byUsername(username);
      return user && accounts.subscriptions.listByUser(user.user_id);
    },
    close,
  };
}

const CLOCK_TIMEOUT_MS = 5000;

/** Every answer has the time of whoever gives it. */
async function clockOf(host: string): Promise<number> {
  const signal = AbortSignal.timeout(CLOCK_TIMEOUT_MS);
  const answer = await fetch(`https://${host}/`, { method: "HEAD", redirect: "manual", signal });
  const at = Date.parse(answer.headers.get("date") ?? "");
  if (Number.isNaN(at)) throw new Error("no time in the answer");
  return at;
}
