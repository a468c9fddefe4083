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
    const known = loaded.get(media_id);
    if (known) return known;
    const loading = wire.objectUrl(urlOf(mediaPath(media_id)), session().access_token ?? "");
    loaded.set(media_id, loading);
    loading.catch(() => loaded.delete(media_id));
    const [oldest] = loaded;
    if (loaded.size > LOADED_MAX && oldest) {
      loaded.delete(oldest[0]);
      void oldest[1].then(wire.forgetUrl, () => {});
    }
    return loading;
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
  };
}

const mediaPath = (media_id: string): string => `/v1/media/${encodeURIComponent(media_id)}`;

/** A proxy in between may answer without a problem document. */
function toError(status: number, body: unknown): DamsoError {
  const code = (body as { code?: DamsoError["code"] } | null | undefined)?.code;
  return new DamsoError(code ?? (status === 413 ? "too_large" : "unavailable"), `HTTP ${status}`);
}
