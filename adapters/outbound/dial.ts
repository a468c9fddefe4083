/**
 * One POST to an address that a stranger wrote down: https on 443, to a public address that was looked up here and is
 * the one that is dialled, so that no second answer of a name server can lead elsewhere; no redirects, a small answer,
 * a time limit. The certificate has to be that of the name. Rule N4.
 */
import { isIP } from "node:net";
import { isPublic } from "./addresses.ts";

export type Reply = { status: number; headers: Headers; body: string };
export type Message = { headers: Record<string, string>; body: Uint8Array<ArrayBuffer> | string };
export type Post = (url: string, message: Message) => Promise<Reply>;

export type DialOptions = {
  /** All addresses of a name; asked before every dial, so it may remember for a while. */
  lookup: (host: string) => Promise<string[]>;
  timeout_ms?: number;
  /** For development: http, other ports and addresses of this machine and its network too. */
  anywhere?: boolean;
  /** For tests: another network. */
  reach?: (url: string, init: BunFetchRequestInit) => Promise<Response>;
};

/** `address`: it must not be dialled; the others: it could not be reached. */
export type DialFailure = Error & { code: "address" | "lookup" | "timeout" | "network" };

const TIMEOUT_MS = 10_000;
const REPLY_BYTES_MAX = 16 * 1024;
/** Addresses of one name that are tried. */
const TRIES_MAX = 2;

export function createPost(options: DialOptions): Post {
  const { anywhere = false, timeout_ms = TIMEOUT_MS, reach = fetch, lookup } = options;
  return async (text, message) => {
    const url = new URL(text);
    const signal = AbortSignal.timeout(timeout_ms);
    try {
      if (anywhere) return await exchange(reach, url, message, signal);
      const addresses = await within(publicAddresses(url, lookup), signal);
      return await first(addresses, (address) =>
        exchange(reach, at(url, address), pinned(url, message), signal, url.hostname),
      );
    } catch (error) {
      throw failureOf(error, signal);
    }
  };
}

/** Why an endpoint is never dialled, by its text alone. */
export function malformed(text: string, anywhere: boolean): string | undefined {
  if (!URL.canParse(text)) return "no address";
  const url = new URL(text);
  if (anywhere) return undefined;
  if (url.protocol !== "https:") return "not https";
  if (url.port !== "") return "not on port 443";
  if (url.username !== "" || url.password !== "") return "with a password";
  return isIP(url.hostname.replace(/^\[|\]$/g, "")) === 0 ? undefined : "not a name";
}

async function publicAddresses(
  url: URL,
  lookup: (host: string) => Promise<string[]>,
): Promise<string[]> {
  const why = malformed(url.href, false);
  if (why !== undefined) throw failure("address", why);
  const found = await lookup(url.hostname).catch((error: unknown) => {
    throw failure("lookup", "the name was not found", error);
  });
  const open = found.filter((address) => isPublic(address));
  if (open.length === 0) throw failure("address", "no public address");
  // Those of IPv4 first: a host without IPv6 has to wait for each of the others.
  return open.toSorted((a, b) => isIP(a) - isIP(b)).slice(0, TRIES_MAX);
}

/** The next address only when the one before was not reached at all. */
async function first<T>(
  addresses: readonly string[],
  go: (address: string) => Promise<T>,
): Promise<T> {
  let last: unknown;
  for (const address of addresses) {
    try {
      return await go(address);
    } catch (error) {
      if (!isUnreached(error)) throw error;
      last = error;
    }
  }
  throw last;
}

const UNREACHED = new Set([
  "ConnectionRefused",
  "FailedToOpenSocket",
  "ECONNREFUSED",
  "EHOSTUNREACH",
]);
const isUnreached = (error: unknown): boolean =>
  UNREACHED.has(String((error as { code?: unknown }).code));

function at(url: URL, address: string): URL {
  const pinnedUrl = new URL(url);
  pinnedUrl.hostname = isIP(address) === 6 ? `[${address}]` : address;
  return pinnedUrl;
}

const pinned = (url: URL, { headers, body }: Message): Message => ({
  headers: { ...headers, host: url.host },
  body,
});

async function exchange(
  reach: NonNullable<DialOptions["reach"]>,
  url: URL,
  { headers, body }: Message,
  signal: AbortSignal,
  name?: string,
): Promise<Reply> {
  const response = await reach(url.href, {
    method: "POST",
    headers,
    body,
    signal,
    redirect: "manual",
    decompress: false,
    ...(name !== undefined && { tls: { serverName: name } }),
  });
  return { status: response.status, headers: response.headers, body: await read(response) };
}

/** The beginning of the answer; the rest is not waited for. */
async function read(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const part = await reader?.read();
    if (!part || part.done) break;
    chunks.push(part.value);
    bytes += part.value.byteLength;
    if (bytes < REPLY_BYTES_MAX) continue;
    await reader?.cancel();
    break;
  }
  return Buffer.concat(chunks).subarray(0, REPLY_BYTES_MAX).toString("utf8");
}

function within<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  return Promise.race([work, promise]);
}

function failureOf(error: unknown, signal: AbortSignal): DialFailure {
  const { code } = error as { code?: unknown };
  if (code === "address" || code === "lookup") return error as DialFailure;
  if (signal.aborted) return failure("timeout", "no answer in time", error);
  return failure("network", typeof code === "string" ? code : "no connection", error);
}

/** The cause may name the address, so only code and message are for others to see. */
function failure(code: DialFailure["code"], message: string, cause?: unknown): DialFailure {
  return Object.assign(new Error(message, { cause }), { code });
}
