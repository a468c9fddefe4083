/** Reads a JSON body of bounded size. The content type is not looked at: what parses is JSON. Rules P11, P20. */
import { done, refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";

const TOO_LARGE = refuse("too_large");
const NOT_JSON = refuse("invalid", "the body is not JSON in UTF-8");

/** The parsed body, undefined when it is empty. Never throws: a body that breaks off is not JSON. */
export async function readJson(request: Request, bytes_max: number): Promise<Result<unknown>> {
  const declared = Number(request.headers.get("content-length") ?? 0);
  if (declared > bytes_max) return TOO_LARGE;
  try {
    const bytes = await readBytes(request, bytes_max);
    if (bytes === undefined) return TOO_LARGE;
    if (bytes.length === 0) return done(undefined);
    // Bytes that are no UTF-8 would become other text than was sent.
    return done(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
  } catch {
    return NOT_JSON;
  }
}

/** Undefined when there are more than the limit; what is beyond it is not read. */
async function readBytes(request: Request, bytes_max: number): Promise<Uint8Array | undefined> {
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body) {
    length += chunk.length;
    if (length > bytes_max) return undefined;
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
}
