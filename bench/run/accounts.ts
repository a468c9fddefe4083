import type { Account } from "../generator/plan.ts";

/** A session that can be kept alive. */
export interface Session extends Account {
  access_token: string;
  refresh_token: string;
  /** When the access token was issued, in ms since 1970. */
  issued_at: number;
}

/** Where the users of a side come from. */
export interface Accounts {
  /** This many users with one session each. */
  signUp(origin: string, count: number): Promise<Session[]>;
  /** `count` sessions in all: the given ones and new ones of the same users, evenly. */
  logIn(origin: string, sessions: readonly Session[], count: number): Promise<Session[]>;
  /** Renews access tokens that would not last through a phase. */
  renew(origin: string, sessions: readonly Session[]): Promise<void>;
}

/** Password hashing uses a core for tens of milliseconds each: more at once would only queue. */
const hashesAtOnce = 2;
const renewalsAtOnce = 8;
const password = "a long password for measuring";
/** Access tokens last 15 minutes. */
const renewAfterMilliseconds = 8 * 60_000;

/** Real accounts through the server's own calls. */
export const realAccounts: Accounts = {
  signUp: (origin, count) =>
    each(
      hashesAtOnce,
      Array.from({ length: count }, (_, at) => at),
      (at) => openSession(origin, "/v1/signup", { ...credentials(at), name: `Bench ${at}` }),
    ),

  async logIn(origin, sessions, count) {
    const extra = Array.from({ length: Math.max(0, count - sessions.length) }, (_, at) => at);
    const more = await each(hashesAtOnce, extra, (at) =>
      openSession(origin, "/v1/login", credentials(at % sessions.length)),
    );
    return [...sessions.slice(0, count), ...more];
  },

  async renew(origin, sessions) {
    const old = sessions.filter((one) => Date.now() - one.issued_at > renewAfterMilliseconds);
    await each(renewalsAtOnce, old, async (session) => {
      const { refresh_token } = session;
      Object.assign(session, await openSession(origin, "/v1/refresh", { refresh_token }, session));
    });
  },
};

/** The floor knows nobody and believes everyone: the token is the user id. */
export const floorAccounts: Accounts = {
  signUp: async (_, count) => invent(0, count),
  logIn: async (_, sessions, count) => [
    ...sessions.slice(0, count),
    ...invent(sessions.length, Math.max(0, count - sessions.length)),
  ],
  renew: async () => {},
};

/** A group of all the given users, created by the first; answers its id. */
export async function createGroup(origin: string, sessions: readonly Session[]): Promise<string> {
  const [creator, ...members] = sessions;
  const body = { name: "Bench", members: members.map((one) => one.user_id) };
  const channel = await post(`${origin}/v1/channels`, body, creator!.access_token);
  return (channel as { id: string }).id;
}

function credentials(at: number): { username: string; password: string } {
  return { username: `bench-${at}`, password };
}

async function openSession(
  origin: string,
  path: string,
  body: object,
  known: object = {},
): Promise<Session> {
  const answer = (await post(origin + path, body)) as Session;
  const { user_id, access_token, refresh_token } = { ...known, ...answer };
  return { user_id, access_token, refresh_token, issued_at: Date.now() };
}

async function post(url: string, body: object, token?: string): Promise<unknown> {
  const headers = new Headers({ "content-type": "application/json" });
  if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`POST ${url} answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}

function invent(first: number, count: number): Session[] {
  return Array.from({ length: count }, (_, at) => {
    const user_id = String(1_500_000_000_000_000_000n + BigInt(first + at));
    return { user_id, access_token: user_id, refresh_token: "", issued_at: Date.now() };
  });
}

/** Maps with at most `atOnce` calls under way, answers in order. */
async function each<From, To>(
  atOnce: number,
  items: readonly From[],
  map: (item: From) => Promise<To>,
): Promise<To[]> {
  const results: To[] = [];
  const queue = items.entries();
  const lane = async (): Promise<void> => {
    for (const [at, item] of queue) results[at] = await map(item);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return results;
}
