/** Requests that nobody should send, as bytes. Most are HTTP and wrong above it; some are not even HTTP. */
import { ROUTES } from "@damso/protocol/http/routes";
import type { Route } from "@damso/protocol/http/route";
import type { Fuzzer } from "./fuzz-frames.testing.ts";
import { oddity, scribble } from "./fuzz-frames.testing.ts";
import type { Random } from "./random.testing.ts";

export type FuzzRequest = {
  bytes: Uint8Array;
  /** False: broken below HTTP's meaning, so that the answer is the HTTP layer's own. */
  isHttp: boolean;
};

type Parts = { method: string; target: string; headers: string[]; body: Uint8Array };

/** Not the one call that would end the session that the others come with. */
const routes: readonly Route[] = Object.values(ROUTES).filter(
  ({ operation }) => operation !== "logout",
);
/** A password that is looked at costs a hash, so these calls come with something wrong only. */
const COSTLY = new Set(["signup", "login", "deleteMe", "patchMe"]);

export function fuzzRequest(fuzzer: Fuzzer, token: string): FuzzRequest {
  const { random } = fuzzer;
  if (random.chance(0.05)) return { bytes: garbage(fuzzer, token), isHttp: false };
  const parts = request(fuzzer, token);
  const twist = random.pick(TWISTS);
  return { bytes: assemble(twist(random, parts)), isHttp: true };
}

function request(fuzzer: Fuzzer, token: string): Parts {
  const { random } = fuzzer;
  const route = random.pick(routes);
  const { method, path, body } = route;
  return {
    method,
    target: path.replaceAll(/\{(\w+)\}/g, (_, name: string) => param(fuzzer, name)) + query(random),
    headers: [`Authorization: Bearer ${token}`, "Content-Type: application/json"],
    body: Buffer.from(body === null ? "" : jsonBody(fuzzer, COSTLY.has(route.operation))),
  };
}

function param({ random, channels, users }: Fuzzer, name: string): string {
  if (random.chance(0.3)) return random.pick(PATHS);
  switch (name) {
    case "channel_id":
      return random.pick(channels);
    case "user_id":
      return random.pick(users);
    case "seq":
      return String(random.int(0, 60));
    case "emoji":
      return random.pick(["%F0%9F%91%8D", "%ff", "a", "%00"]);
    default:
      return random.pick(PATHS);
  }
}

const PATHS = [
  "..",
  "%2e%2e",
  "%2f",
  "%00",
  "%ff",
  "%",
  "%zz",
  "0",
  "-1",
  "1e9",
  "99999999999999999999",
  "d1.2",
  "__proto__",
  "a".repeat(4000),
  "%F0%9F%92%A5",
  "x;y=z",
  "x?y",
];

const NUMBERS = ["0", "-1", "1e9", "0x10", "007", "", "NaN", "9".repeat(30), "%00", "null"];

function query(random: Random): string {
  if (random.chance(0.5)) return "";
  const names = [
    "before",
    "after",
    "around",
    "limit",
    "wait",
    "cursor",
    "feed",
    "users",
    "username",
    "for",
    "q",
  ];
  const pairs = Array.from({ length: random.int(1, 4) }, () => {
    const name = random.pick(names);
    // A long poll that is allowed would only make the test wait.
    return `${name}=${name === "wait" ? random.pick(["31", "-1", "x", "0"]) : random.pick(NUMBERS)}`;
  });
  return `?${pairs.join("&")}`;
}

function jsonBody({ random, valid }: Fuzzer, costly: boolean): string {
  const frame = JSON.stringify(random.pick(valid));
  if (costly || random.chance(0.5)) {
    const fields = ["username", "password", "name", "members", "body", "client_id", "seq", "about"];
    const pairs = fields
      .filter(() => random.chance(0.4))
      .map((key) => `"${key}":${oddity(random)}`);
    return `{${pairs.join(",")}}`;
  }
  return random.chance(0.3) ? scribble(random, frame) : frame;
}

const TWISTS: readonly ((random: Random, parts: Parts) => Parts)[] = [
  (_, parts) => parts,
  (_, parts) => parts,
  (random, parts) => ({ ...parts, method: random.pick(["GET", "PUT", "DELETE", "PATCH", "POST"]) }),
  (random, parts) => ({ ...parts, headers: [random.pick(TOKENS), ...parts.headers.slice(1)] }),
  (random, parts) => ({ ...parts, headers: [parts.headers[0] ?? "", random.pick(TYPES)] }),
  (random, parts) => ({ ...parts, headers: [...parts.headers, ...random.pick(HEADERS)] }),
  (random, parts) => ({ ...parts, target: random.pick(TARGETS) }),
  (random, parts) => ({ ...parts, target: parts.target.replace("/v1", random.pick(PREFIXES)) }),
  (random, parts) => ({ ...parts, body: Buffer.from(random.pick(BODIES)) }),
  (random, parts) => ({
    ...parts,
    body: crypto.getRandomValues(new Uint8Array(random.int(0, 300))),
  }),
];

const TOKENS = [
  "Authorization: Bearer",
  "Authorization: Bearer ",
  "Authorization: Bearer x.y.z",
  "Authorization: Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.",
  "Authorization: Basic YTpi",
  `Authorization: Bearer ${"a".repeat(6000)}`,
  "Authorization: \u00ff\u00fe",
  "Cookie: damso_access=x; damso_refresh=y",
  "Cookie: ;;;=;=",
  "X-Nothing: here",
];
const TYPES = [
  "Content-Type: text/plain",
  "Content-Type: multipart/form-data; boundary=x",
  "Content-Type: application/x-www-form-urlencoded",
  "Content-Type: ",
  "Content-Type: application/json; charset=utf-16",
  "Content-Encoding: gzip",
];
const HEADERS = [
  ["Origin: null"],
  ["Origin: http://[::1"],
  ["Sec-Fetch-Site: cross-site"],
  ["Upgrade: websocket"],
  ["X-Forwarded-For: 256.1.1.1, \u00e9"],
  ["Range: bytes=0-0,1-1,-1"],
  ["If-None-Match: *"],
  ["Accept: \u00ff"],
  [`X-Long: ${"y".repeat(8000)}`],
  Array.from({ length: 60 }, (_, at) => `X-Many-${at}: ${at}`),
];
const TARGETS = [
  "/",
  "//",
  "/../../etc/passwd",
  "/..%2f..%2fetc%2fpasswd",
  "/%2e%2e/%2e%2e/package.json",
  "/v1",
  "/v1/",
  "/v1/nothing",
  "/v1/me/",
  "/v1//me",
  "/v1/ME",
  "/v1/socket",
  "/v1/openapi.json?x",
  "/healthz/x",
  "/index.html%00.js",
  "/?".padEnd(6000, "&a=b"),
  "/\\..\\..",
  "/v1/me#fragment",
  "http://elsewhere.example/v1/me",
];
const PREFIXES = ["/v2", "/v1/v1", "/V1", "/v1/.", "/v1/%2e", "/%76%31"];
const BODIES = [
  "",
  "null",
  "[]",
  "{",
  '{"a":',
  '"text"',
  "\uFEFF{}",
  "{}{}",
  "[".repeat(100_000),
  '{"a":'.repeat(50_000),
  '{"username":"\\ud800","password":"\\u0000","name":""}',
  "username=a&password=b",
];

function assemble({ method, target, headers, body }: Parts): Uint8Array {
  const lines = [`${method} ${target} HTTP/1.1`, "Host: 127.0.0.1", ...headers];
  if (body.length > 0 || method !== "GET") lines.push(`Content-Length: ${body.length}`);
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), body]);
}

/** Not HTTP, or HTTP with a broken frame. */
function garbage(fuzzer: Fuzzer, token: string): Uint8Array {
  const { random } = fuzzer;
  const parts = request(fuzzer, token);
  const text = Buffer.from(assemble(parts)).toString("latin1");
  switch (random.int(0, 5)) {
    case 0:
      return Buffer.concat([crypto.getRandomValues(new Uint8Array(100)), Buffer.from("\r\n\r\n")]);
    case 1:
      return Buffer.from(text.replace("HTTP/1.1", random.pick(["HTTP/9.9", "HTTP", ""])), "latin1");
    case 2:
      return Buffer.from(
        text.replace("Host:", random.pick(["Host", "Host: %%%\r\nHost:", ":"])),
        "latin1",
      );
    case 3:
      return Buffer.from(
        `${parts.method} ${parts.target} HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n`,
      );
    case 4:
      return Buffer.from(
        "POST /v1/login HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
      );
    default:
      return Buffer.from(
        text.replace(parts.method, random.pick(["FOO", "get", "", "BREW "])),
        "latin1",
      );
  }
}
