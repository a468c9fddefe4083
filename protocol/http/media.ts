/** Pictures and files: bytes in, an id out. Rules M1 to M5. Not in the route table, because neither side is JSON. */
import * as v from "valibot";
import { UserIdSchema } from "../schema/basics.ts";
import type { UserId } from "../ids.ts";

/** How large one upload may be, and what it costs. */
export const MEDIA_LIMITS = {
  bytes_max: 25 * 1024 * 1024,
  /** What an upload takes from the bucket of requests. */
  upload_cost: 20,
} as const;

export const MEDIA_PATH = "/v1/media";

const SECRET = /^[a-z0-9]{26}$/;

/** `<secret>-<user_id>`: 130 random bits that nobody guesses, and who uploaded it. */
export function mediaId(secret: string, owner: UserId): string {
  return `${secret}-${owner}`;
}

/** The parts of an id, or undefined when it is none. */
export function parseMediaId(id: string): { secret: string; owner: UserId } | undefined {
  const [secret = "", owner = "", rest] = id.split("-");
  const parsed = v.safeParse(UserIdSchema, owner);
  if (rest !== undefined || !SECRET.test(secret) || !parsed.success) return undefined;
  return { secret, owner: parsed.output };
}

export const UploadedSchema = v.object({
  id: v.string(),
  content_type: v.string(),
  bytes: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MEDIA_LIMITS.bytes_max)),
});
export type Uploaded = v.InferOutput<typeof UploadedSchema>;

/** What a browser may show in a page. Everything else is only ever saved: it could be a page itself. */
const INERT: ReadonlySet<string> = new Set([
  "image/jpeg",
  "image/png",
  "image/gif",
  "image/webp",
  "image/avif",
  "video/mp4",
  "video/webm",
  "audio/mpeg",
  "audio/mp4",
  "audio/ogg",
  "audio/wav",
  "audio/webm",
]);

/** The content type that is kept for what a client says. Rule M3. */
export function keptType(told: string | null): string {
  const type = (told ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  return INERT.has(type) ? type : "application/octet-stream";
}
