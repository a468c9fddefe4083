/** A store with people in it: what every test of the accounts contract starts from. */
import type { AccountChange, NewSession, Session } from "@damso/core/ports/account-records";
import type { Accounts } from "@damso/core/ports/accounts";
import type { DeviceId, SessionId, UserId } from "@damso/protocol/ids";

/** Where a store lives: it can be opened again after a close, and removed in the end. */
export type AccountsPlace = { open(): Promise<Accounts>; remove(): Promise<void> };

export const START = 1_790_000_000_000;
export const HASH = "$argon2id$first";

export type Scene = {
  accounts: Accounts;
  /** Closes the store and opens it again. */
  reopen(): Promise<void>;
  end(): Promise<void>;
};

export async function openScene(place: AccountsPlace): Promise<Scene> {
  const scene: Scene = {
    accounts: await place.open(),
    reopen: async () => {
      await scene.accounts.close();
      scene.accounts = await place.open();
    },
    end: async () => {
      await scene.accounts.close();
      await place.remove();
    },
  };
  return scene;
}

let last = 1_000_000_000_000_000_000n;

/** An id that no test has had before. */
export function newId<T extends string>(): T {
  last += 1n;
  return String(last) as T;
}

export async function addUser(scene: Scene, username: string): Promise<UserId> {
  const user_id = newId<UserId>();
  const name = username.toUpperCase();
  const user = { user_id, username, name, password_hash: HASH, created_at: START };
  const outcome = await scene.accounts.users.create(user);
  if (outcome !== "created") throw new Error(`${username} is ${outcome}`);
  return user_id;
}

export function newSession(user_id: UserId, created_at: number = START): NewSession {
  const session_id = newId<SessionId>();
  return {
    session_id,
    device_id: newId<DeviceId>(),
    user_id,
    device_name: "phone",
    time_zone: "Asia/Seoul",
    created_at,
    family_hash: `family ${session_id}`,
    token_hash: `token 1 ${session_id}`,
  };
}

/** Signs a device in, or throws where the store refuses. */
export async function addSession(
  scene: Scene,
  user_id: UserId,
  session: NewSession = newSession(user_id),
): Promise<Session> {
  const rule = { devices_max: 30, if_hash: HASH };
  const made = await scene.accounts.sessions.create(session, rule);
  if (made.outcome !== "created") throw new Error(`session is ${made.outcome}`);
  return made.session;
}

/** The changes that wait for the user, oldest first. */
export async function changesOf(scene: Scene, user_id: UserId): Promise<AccountChange[]> {
  const rows = await scene.accounts.outbox.take(10_000);
  return rows.filter((row) => row.user_id === user_id).map((row) => row.change);
}

export async function clearOutbox(scene: Scene): Promise<void> {
  const rows = await scene.accounts.outbox.take(10_000);
  await scene.accounts.outbox.remove(rows.map((row) => row.id));
}
