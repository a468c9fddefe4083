/**
 * `damso doctor push`: what has to be right before a notification comes, asked one by one, in words of what to do. It
 * needs no running server. Rule N15.
 */
import type { PushTarget, Subscription } from "@damso/core/ports/account-records";
import type { PushSenders, SendOutcome } from "@damso/core/ports/push";
import { testNotice } from "../notifier/notice.ts";

export type Finding = { level: "ok" | "warning" | "failed"; what: string; said: string };

export type PushDoctorDeps = {
  vapid_public_key: string;
  /** Whom push services may ask; empty: nobody. */
  subject: string;
  /** Of the page, empty when nobody has said so. */
  public_url: string;
  anywhere: boolean;
  senders: PushSenders;
  /** Push services whose names are looked up. */
  hosts: readonly string[];
  lookup: (host: string) => Promise<string[]>;
  isPublic: (address: string) => boolean;
  /** The clock of a push service, in ms; rejects when it does not answer. */
  clockOf: (host: string) => Promise<number>;
  now: () => number;
  /** Of the user that a test is to be sent to; undefined: there is none of that name. */
  subscriptionsOf: (username: string) => Promise<Subscription[] | undefined>;
};

/** A token older or younger than this is no good to push services. */
const CLOCK_MS_MAX = 300_000;

export async function examinePush(deps: PushDoctorDeps, user?: string): Promise<Finding[]> {
  return [
    ...settings(deps),
    ...(await names(deps)),
    await clock(deps),
    ...(await logins(deps)),
    ...(user === undefined ? [] : await trial(deps, user)),
  ];
}

function settings({
  vapid_public_key,
  subject,
  public_url,
  anywhere,
  senders,
}: PushDoctorDeps): Finding[] {
  const found: Finding[] = [ok("keys", `browsers subscribe with ${vapid_public_key}`)];
  found.push(
    subject === ""
      ? warning("subject", "Safari refuses pushes without one: set --vapid-subject or --public-url")
      : ok("subject", subject),
  );
  if (!public_url.startsWith("https://"))
    found.push(warning("page", "browsers allow notifications on https only: set --public-url"));
  if (anywhere)
    found.push(
      warning(
        "guard",
        "--push-anywhere is on: whoever subscribes has this server call any address",
      ),
    );
  for (const [kind, flag] of [
    ["fcm", "--fcm-account"],
    ["apns", "--apns-key"],
  ] as const)
    if (!senders[kind]) found.push(warning(kind, `not set up: ${flag}`));
  return found;
}

function names({ hosts, lookup, isPublic }: PushDoctorDeps): Promise<Finding[]> {
  return Promise.all(
    hosts.map(async (host) => {
      const what = `name ${host}`;
      const addresses = await lookup(host).catch(() => []);
      if (addresses.length === 0) return failed(what, "not found: look at the name server");
      const open = addresses.filter((address) => isPublic(address));
      return open.length === 0
        ? failed(what, "only private addresses: the name server, or a proxy, answers for others")
        : ok(what, open[0] ?? "");
    }),
  );
}

async function clock({ hosts, clockOf, now }: PushDoctorDeps): Promise<Finding> {
  const clocks = await Promise.allSettled(hosts.map((host) => clockOf(host)));
  const answered = clocks.find((one) => one.status === "fulfilled");
  if (!answered)
    return failed("https", "no push service answers on port 443: look at the firewall");
  const off_ms = Math.abs(answered.value - now());
  const seconds = Math.round(off_ms / 1000);
  return off_ms > CLOCK_MS_MAX
    ? failed("clock", `off by ${seconds} s: signed tokens are refused; let it be set by NTP`)
    : ok("clock", `off by ${seconds} s`);
}

/** Addresses that no device has: whoever is told so has taken the key. */
const NOBODY = {
  fcm: { kind: "fcm", token: "nobody" },
  apns: { kind: "apns", token: "0".repeat(64), topic: "nobody" },
} as const;
/** What services say to an address that is none, when they know who asks. */
const KNOWN: ReadonlySet<string> = new Set([
  "BadDeviceToken",
  "DeviceTokenNotForTopic",
  "TopicDisallowed",
  "BadTopic",
  "UNREGISTERED",
  "INVALID_ARGUMENT",
  "token",
]);

function logins({ senders }: PushDoctorDeps): Promise<Finding[]> {
  const kinds = (["fcm", "apns"] as const).filter((kind) => senders[kind]);
  return Promise.all(
    kinds.map(async (kind) => {
      const outcome = await sendTest(senders, NOBODY[kind]);
      const why = outcome && "why" in outcome ? outcome.why : "";
      return KNOWN.has(why)
        ? ok(kind, "takes the key")
        : failed(kind, `does not take the key, or does not answer: ${why}`);
    }),
  );
}

async function trial(
  { senders, subscriptionsOf }: PushDoctorDeps,
  user: string,
): Promise<Finding[]> {
  const subscriptions = await subscriptionsOf(user);
  if (!subscriptions) return [failed("test", `nobody is called ${user}`)];
  if (subscriptions.length === 0)
    return [failed("test", `no device of ${user} has notifications turned on`)];
  return Promise.all(
    subscriptions.map(async ({ target }, index) =>
      told(
        `test ${index + 1}, ${target.kind}`,
        (await sendTest(senders, target)) ?? { outcome: "refused", why: "not set up" },
      ),
    ),
  );
}

/** Undefined where nothing is set up for such a target. */
async function sendTest(
  senders: PushSenders,
  target: PushTarget,
): Promise<SendOutcome | undefined> {
  const notice = testNotice({ target });
  return senders[target.kind]?.send({ target, notice, collapse: "test", ttl_s: 60 });
}

function told(what: string, outcome: SendOutcome): Finding {
  switch (outcome.outcome) {
    case "sent":
      return ok(what, "taken by the service: it should be on the screen now");
    case "gone":
      return failed(what, `the service does not know the device any more (${outcome.why})`);
    case "later":
      return failed(what, `not now (${outcome.why})`);
    case "refused":
      return failed(what, `refused (${outcome.why})`);
  }
}

const finding =
  (level: Finding["level"]) =>
  (what: string, said: string): Finding => ({ level, what, said });
const ok = finding("ok");
const warning = finding("warning");
const failed = finding("failed");

export function printed({ level, what, said }: Finding): string {
  return `${level.padEnd(8)} ${what}: ${said}`;
}
