/** What the chapters of the play share. */
import type { ChannelId, ClientId, UserId } from "@damso/protocol";
import { directChannel, uuidV7 } from "@damso/protocol/ids";
import { DamsoError } from "@damso/sdk";
import type { Door, Evidence, GroupActs } from "../check/evidence.ts";
import type { Handle, House } from "../house.ts";
import type { Random } from "../random.ts";
import type { Account, Http } from "../reader/http.ts";
import { codeOf } from "../reader/http.ts";
import type { GroupPlan, Plan } from "./plan.ts";

/** A person with devices. The account's own token is of a further session, which only the reader uses. */
export type Actor = Account & {
  user_id: UserId;
  phone: Handle;
  laptop: Handle;
  tablet: Handle;
  /** Signs in on one more device. */
  signInAnew: () => Promise<Handle>;
};

/** A group as it stands: what was asked of it so far is in `acts`. */
export type Group = { plan: GroupPlan; acts: GroupActs; changes: GroupActs["changes"][number][] };

export type Stage = {
  plan: Plan;
  seed: number;
  random: Random;
  http: Http;
  /** Tells the audience what is going on. */
  tell: (text: string) => void;
  houses: readonly House[];
  actors: readonly Actor[];
  /** Accounts that only read, by HTTP. */
  quiet: readonly Account[];
  /** Somebody who is in no channel. */
  outsider: Account;
  groups: Group[];
  doors: Door[];
  log_outs: Evidence["log_outs"][number][];
  absences: Evidence["absences"][number][];
  /** What did not come to rest in time, and why. */
  restless: string[];
  /** Kills the server and starts it again; absent when it is not ours. */
  crash: (() => Promise<void>) | undefined;
};

export function actorAt({ actors }: Stage, position: number): Actor {
  const actor = actors[position];
  if (actor === undefined) throw new Error(`the plan names person ${position}, who is not there`);
  return actor;
}

export function devicesOf({ phone, laptop, tablet }: Actor): readonly Handle[] {
  return [phone, laptop, tablet];
}

export function between(one: Actor, other: Actor): ChannelId {
  return directChannel(one.user_id, other.user_id);
}

/** Tries a call of a device that has to be refused. */
export async function knock(
  { doors }: Stage,
  door: Omit<Door, "got">,
  call: () => Promise<unknown>,
): Promise<void> {
  const got = await call().then(
    () => "ok",
    (error: unknown) => {
      if (error instanceof DamsoError) return error.code;
      throw error;
    },
  );
  doors.push({ ...door, got });
}

/** Tries to write by HTTP, as somebody who must not. */
export async function knockByHttp(
  { doors, http, random }: Stage,
  door: Omit<Door, "got">,
  channel: ChannelId,
  token: string,
  body = "let me in",
): Promise<void> {
  const message = { client_id: clientId(random), body };
  const path = `/v1/channels/${channel}/messages`;
  doors.push({ ...door, got: await codeOf(() => http("POST", path, token, message)) });
}

/** Tries to read by HTTP, as somebody who must not. */
export async function peekByHttp(
  { doors, http }: Stage,
  door: Omit<Door, "got">,
  path: string,
  token: string,
): Promise<void> {
  doors.push({ ...door, got: await codeOf(() => http("GET", path, token)) });
}

function clientId(random: Random): ClientId {
  const bytes = Uint8Array.from({ length: 10 }, () => Math.floor(random.next() * 256));
  return uuidV7(Date.now(), bytes);
}
