/** Pictures and files, as bytes. Rules M1 to M5. */
import type { Blobs } from "@damso/core/ports/blobs";
import { done, refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import { refusal } from "@damso/protocol/codes";
import {
  keptType,
  MEDIA_LIMITS,
  MEDIA_PATH,
  mediaId,
  parseMediaId,
} from "@damso/protocol/http/media";
import type { Uploaded } from "@damso/protocol/http/media";
import type { Context, Env, Hono } from "hono";
import type { Identity } from "../gateway/types.ts";
import { identify } from "./auth.ts";
import type { ApiDeps } from "./deps.ts";
import { download, keyOf, NO_FILE } from "./media-read.ts";
import { jsonResponse, problemResponse } from "./response.ts";

/** The letters of an id's secret: 32 of them, so that each byte of chance gives one as likely as any other. */
const LETTERS = "abcdefghijklmnopqrstuvwxyz234567";
const SECRET_LETTERS = 26;
const TOO_LARGE = "too_large";

type Serve = (who: Identity, request: Request, media_id: string) => Promise<Response>;

export function media<E extends Env>(app: Hono<E>, deps: ApiDeps): void {
  const served =
    (cost: number, serve: Serve) =>
    async (c: Context): Promise<Response> => {
      const who = await admitted(deps, c.req.raw, cost);
      if (!who.ok) return problemResponse(who.refusal);
      return await serve(who.value, c.req.raw, c.req.param("media_id") ?? "");
    };
  const { blobs } = deps;
  app.post(
    MEDIA_PATH,
    served(MEDIA_LIMITS.upload_cost, (who, request) => upload(deps, who, request)),
  );
  const one = `${MEDIA_PATH}/:media_id`;
  app.get(
    one,
    served(1, (_who, request, id) => download(blobs, id, request)),
  );
  app.delete(
    one,
    served(1, (who, _request, id) => remove(blobs, who, id)),
  );
}

async function admitted(deps: ApiDeps, request: Request, cost: number): Promise<Result<Identity>> {
  const who = await identify(deps, request);
  if (!who.ok) return who;
  const wait_ms = deps.rate_limits.requests.take(who.value.device_id, cost);
  return wait_ms > 0 ? refuse("rate_limited", undefined, wait_ms) : who;
}

async function upload(deps: ApiDeps, who: Identity, request: Request): Promise<Response> {
  const stored = await store(deps, who, request);
  return stored.ok ? jsonResponse(201, stored.value) : problemResponse(stored.refusal);
}

async function store(deps: ApiDeps, who: Identity, request: Request): Promise<Result<Uploaded>> {
  const declared = Number(request.headers.get("content-length") ?? 0);
  if (declared > MEDIA_LIMITS.bytes_max) return refuse(TOO_LARGE);
  if (request.body === null) return refuse("empty");
  const content_type = keptType(request.headers.get("content-type"));
  const id = mediaId(secret(), who.user_id);
  try {
    const meta = { content_type, created_at: deps.clock.now() };
    const { bytes } = await deps.blobs.put(keyOf(id), bounded(request.body), meta);
    if (bytes > 0) return done({ id, content_type, bytes });
    await deps.blobs.remove(keyOf(id));
    return refuse("empty");
  } catch (error) {
    if ((error as { code?: unknown }).code === TOO_LARGE) return refuse(TOO_LARGE);
    // The sender hung up: nothing was kept, and nobody is there to be told.
    if (request.signal.aborted) return refuse("invalid", "the upload broke off");
    throw error;
  }
}

async function* bounded(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > MEDIA_LIMITS.bytes_max)
      throw Object.assign(new Error("larger than a file may be"), { code: TOO_LARGE });
    yield chunk;
  }
}

function secret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_LETTERS));
  return Array.from(bytes, (byte) => LETTERS[byte % LETTERS.length]).join("");
}

/** Only who uploaded it. */
async function remove(blobs: Blobs, who: Identity, id: string): Promise<Response> {
  const parts = parseMediaId(id);
  if (!parts) return problemResponse(NO_FILE);
  if (parts.owner !== who.user_id)
    return problemResponse(refusal("forbidden", "somebody else uploaded it"));
  await blobs.remove(keyOf(id));
  return jsonResponse(204, undefined);
}
