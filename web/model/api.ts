/**
 * Calls of the server that only this page makes: files, invitations, everything for an export. The SDK keeps the
 * session; where it has run out, a call of the SDK's renews it, and the call is made once more.
 */
import type { Session } from "@damso/sdk";
import { DamsoError } from "@damso/sdk";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** A file that somebody chose; only the browser knows what `source` is. */
export type Picked = { name: string; type: string; bytes: number; source: unknown };

export type Request = {
  method: Method;
  url: string;
  token?: string;
  /** JSON, or a file. */
  body?: { json: string } | { file: Picked };
  /** How much has been sent, from 0 to 1. */
  told?: (share: number) => void;
};

/** What the browser does for it. Rejects where there is no answer at all. */
export type Wire = {
  request: (request: Request) => Promise<{ status: number; body: unknown }>;
  /** The address of bytes that have to be fetched with a token. */
  objectUrl: (url: string, token: string) => Promise<string>;
  forgetUrl: (url: string) => void;
};

export type Uploaded = { id: string; content_type: string; bytes: number };

export type Api = {
  /** Rejects with a `DamsoError`. */
  ask: <T>(method: Method, path: string, body?: object) => Promise<T>;
  upload: (file: Picked, told?: (share: number) => void) => Promise<Uploaded>;
  /** Where the browser itself finds a file; undefined where it has to be loaded first. */
  addressOf: (media_id: string) => string | undefined;
  load: (media_id: string) => Promise<string>;
  renew: () => Promise<unknown>;
  /** Lets go of all loaded files. */
  stop: () => void;
};

/** How many loaded files are held for showing again. */
const LOADED_MAX = 100;

export function createApi(wire: Wire, session: () => Session, renew: Api["renew"]): Api {
  const loaded = new Map<string, Promise<string>>();
  const urlOf = (path: string): string => session().server + path;

  async function call<T>(request: Omit<Request, "token">, again = true): Promise<T> {
    const { access_token } = session();
    const sent = { ...request, ...(access_token !== undefined && { token: access_token }) };
    const { status, body } = await wire.request(sent).catch(() => {
      throw new DamsoError("disconnected");
    });
    if (status >= 200 && status < 300) return body as T;
    if (status !== 401 || !again) throw toError(status, body);
    await renew();
    return call<T>(request, false);
  }

  function load(media_id: string): Promise<string> {
    const get = (): Promise<string> =>
      wire.objectUrl(urlOf(mediaPath(media_id)), session().access_token ?? "");
    // The session may have run out: it is renewed, and the file asked for once more.
    const loading = loaded.get(media_id) ?? get().catch(() => renew().then(get));
    // The one that was asked for last is the youngest.
    loaded.delete(media_id);
    loaded.set(media_id, loading);
    loading.catch(() => loaded.delete(media_id));
    forget(LOADED_MAX);
    return loading;
  }

  /** All but the youngest. */
  function forget(left: number): void {
    for (const [media_id, loading] of loaded) {
      if (loaded.size <= left) return;
      loaded.delete(media_id);
      void loading.then(wire.forgetUrl, () => {});
    }
  }

  return {
    ask: (method, path, body) => {
      const json = body && { body: { json: JSON.stringify(body) } };
      return call({ method, url: urlOf(path), ...json });
    },
    upload: (file, told) =>
      call({ method: "POST", url: urlOf("/v1/media"), body: { file }, ...(told && { told }) }),
    addressOf: (media_id) =>
      session().access_token === undefined ? urlOf(mediaPath(media_id)) : undefined,
    load,
    renew,
    stop: () => forget(0),
  };
}

const mediaPath = (media_id: string): string => `/v1/media/${encodeURIComponent(media_id)}`;

/** A proxy in between may answer without a problem document. */
function toError(status: number, body: unknown): DamsoError {
  const code = (body as { code?: DamsoError["code"] } | null | undefined)?.code;
  return new DamsoError(code ?? (status === 413 ? "too_large" : "unavailable"), `HTTP ${status}`);
}
