/** Accounts and sessions through the server's own calls. */
import type { ChannelId, ClientId, DeviceId, UserId } from "@damso/protocol/ids";
import type { Channel } from "@damso/protocol/schema/channel";
import { insist, succeed } from "./http.testing.ts";
import { newClientId } from "./random.testing.ts";

/** One session of a user: a device. */
export type Session = {
  user_id: UserId;
  username: string;
  device_id: DeviceId;
  access_token: string;
  refresh_token: string;
};

type Grant = Omit<Session, "username">;

export const PASSWORD = "a password for the tests";
/** A hash takes a core for tens of milliseconds; more at once would only queue, and be refused. */
const HASHES_AT_ONCE = 2;
let people = 0;

/** A username that nobody has, in this process and the next. */
export function freshUsername(name = "user"): string {
  people++;
  return `${name}-${process.pid.toString(36)}-${people.toString(36)}`;
}

export async function signUp(origin: string, name = "user"): Promise<Session> {
  const username = freshUsername(name);
  const body = { username, password: PASSWORD, name };
  return { username, ...(await succeed<Grant>(origin, "POST", "/v1/signup", { body })) };
}

/** One more device of the same user. */
export async function logIn(origin: string, { username }: Session): Promise<Session> {
  const body = { username, password: PASSWORD };
  return { username, ...(await succeed<Grant>(origin, "POST", "/v1/login", { body })) };
}

/** The same session with a new pair of tokens. */
export async function renew(origin: string, session: Session): Promise<Session> {
  const { refresh_token } = session;
  const grant = await succeed<Grant>(origin, "POST", "/v1/refresh", { body: { refresh_token } });
  return { ...session, ...grant };
}

/** As many new users, in order. */
export async function signUpPool(origin: string, count: number, name = "user"): Promise<Session[]> {
  const pool: Session[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const at = next++;
      pool[at] = await signUp(origin, name);
    }
  };
  await Promise.all(Array.from({ length: HASHES_AT_ONCE }, lane));
  return pool;
}

/** A group of the given users, made by the first. */
export async function createGroup(
  origin: string,
  [creator, ...members]: readonly Session[],
  options: { client_id?: ClientId; name?: string } = {},
): Promise<ChannelId> {
  if (creator === undefined) throw new Error("a group needs its creator");
  const { name = "Group", client_id = newClientId() } = options;
  const body = { name, client_id, members: members.map(({ user_id }) => user_id) };
  const token = creator.access_token;
  return (await insist<Channel>(origin, "POST", "/v1/channels", { token, body })).id;
}
