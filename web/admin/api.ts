/** Calls of administration, as whoever has signed in here: by token, or as the first user. */
import type { RouteAnswer } from "@damso/protocol/http/routes";
import type { Kept, Keys } from "./keys.ts";

/** What went wrong, by the code of the server; `disconnected` when there was no answer of ours. */
export class Refused extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

export type Ask = <T>(method: string, path: string, body?: object) => Promise<T>;

export type Api = {
  ask: Ask;
  /** Whether the present keys, or the app's cookie, open the administration. */
  mayEnter: () => Promise<boolean>;
  logIn: (username: string, password: string) => Promise<void>;
  useToken: (token: string) => void;
  leave: () => Promise<void>;
};

export type Send = (path: string, init: RequestInit) => Promise<Response>;

export function createApi(keys: Keys, send: Send): Api {
  const call = async (method: string, path: string, body?: object): Promise<Response> => {
    const kept = keys.get();
    const token = kept?.kind === "token" ? kept.token : kept?.access_token;
    const headers: Record<string, string> =
      token === undefined ? {} : { authorization: `Bearer ${token}` };
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
    return await send(path, init).catch(() => {
      throw new Refused("disconnected");
    });
  };
  const ask: Ask = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const answer = await call(method, path, body);
    if (answer.status !== 401 || !(await renewed(keys, call))) return await read<T>(answer);
    return await read<T>(await call(method, path, body));
  };
  return {
    ask,
    mayEnter: async () => {
      const may = async (): Promise<boolean> =>
        (await ask<RouteAnswer<"getAdminAccess">>("GET", "/v1/admin/access")).admin;
      return (await may()) || ((await renewed(keys, call)) && (await may()));
    },
    logIn: async (username, password) => {
      const account = { username, password, device_name: "Damso /admin" };
      const grant = await ask<Grant>("POST", "/v1/login", account);
      keys.set({ kind: "session", ...grant });
    },
    useToken: (token) => keys.set({ kind: "token", token }),
    leave: async () => {
      const kept = keys.get();
      keys.set(undefined);
      if (kept?.kind !== "session") return;
      const { refresh_token } = kept;
      // The session ends by itself if nobody hears of it now.
      await call("POST", "/v1/logout", { refresh_token }).catch(() => undefined);
    },
  };
}

type Grant = { access_token: string; refresh_token: string };
type Call = (method: string, path: string, body?: object) => Promise<Response>;

/** Exchanges the refresh token, where there is one; false where that opens nothing any more. */
async function renewed(keys: Keys, call: Call): Promise<boolean> {
  const kept = keys.get();
  if (kept?.kind !== "session") return false;
  const answer = await call("POST", "/v1/refresh", { refresh_token: kept.refresh_token });
  if (!answer.ok) return false;
  const { access_token, refresh_token } = (await answer.json()) as Grant;
  const next: Kept = { kind: "session", access_token, refresh_token };
  keys.set(next);
  return true;
}

async function read<T>(answer: Response): Promise<T> {
  const text = await answer.text();
  let body: unknown;
  try {
    body = text === "" ? undefined : JSON.parse(text);
  } catch {
    throw new Refused("disconnected");
  }
  if (answer.ok) return body as T;
  throw new Refused((body as { code?: string } | undefined)?.code ?? "disconnected");
}
