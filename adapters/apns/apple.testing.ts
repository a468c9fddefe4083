/** Apple's provider API over HTTP/2, after its public description: enough to be spoken to, and to say no. */
import { generateKeyPairSync } from "node:crypto";
import { createSecureServer } from "node:http2";
import type {
  Http2SecureServer,
  Http2Session,
  ServerHttp2Session,
  ServerHttp2Stream,
} from "node:http2";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { importSPKI, jwtVerify } from "jose";
import type { ServiceMood } from "@damso/contracts/push-sender";
import { CERTIFICATE, PRIVATE_KEY } from "../outbound/certificate.testing.ts";
import { parseApnsKey } from "./open.ts";
import type { ApnsKey } from "./open.ts";

const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
export const KEY: ApnsKey = parseApnsKey(
  privateKey.export({ type: "pkcs8", format: "pem" }),
  "KEY1234567",
  "TEAM123456",
);

export type Apple = {
  url: string;
  mood: ServiceMood;
  requests: { headers: Record<string, unknown>; body: string }[];
  connections: number;
  /** How many requests there were at once at most, and how long each takes. */
  at_once: number;
  answer_ms: number;
  /** Closes every connection as Apple does now and then, or without a word. */
  cut(how: "goaway" | "destroy"): void;
  /** From now on nothing arrives on the connections that there are, and nobody is told. */
  lose(): void;
  close(): void;
};

const ANSWERS: Record<ServiceMood, [status: number, reason?: string] | undefined> = {
  takes: [200],
  "knows no such address": [410, "Unregistered"],
  "is busy for 7 s": [429, "TooManyRequests"],
  fails: [503, "ServiceUnavailable"],
  "does not answer": undefined,
  "will never take it": [400, "DeviceTokenNotForTopic"],
};

/** Apple lets a connection have one request at a time until it was shown a good token, and then many. */
const STREAMS = { before: 1, after: 20 };

export async function openApple(now: () => number): Promise<Apple> {
  const settings = { maxConcurrentStreams: STREAMS.before };
  const server: Http2SecureServer = createSecureServer({
    key: PRIVATE_KEY,
    cert: CERTIFICATE,
    settings,
  });
  const sessions = new Set<ServerHttp2Session>();
  let under_way = 0;
  const apple: Apple = {
    url: "",
    mood: "takes",
    requests: [],
    connections: 0,
    at_once: 0,
    answer_ms: 0,
    lose: () => {},
    cut(how) {
      for (const session of sessions) {
        if (how === "goaway") session.close();
        else session.destroy();
      }
    },
    close() {
      for (const session of sessions) session.destroy();
      server.close();
    },
  };
  server.on("session", (session) => {
    apple.connections++;
    sessions.add(session);
    session.on("close", () => sessions.delete(session));
  });
  server.on("stream", (stream, headers) => {
    apple.at_once = Math.max(apple.at_once, ++under_way);
    stream.on("close", () => under_way--);
    let body = "";
    stream.setEncoding("utf8");
    stream.on("data", (part: string) => (body += part));
    stream.on("error", () => {});
    stream.on(
      "end",
      () => void answer(apple, stream as ServerHttp2Stream, { ...headers }, body, now()),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const road = await openRoad((server.address() as AddressInfo).port);
  apple.url = `https://localhost:${road.port}`;
  apple.lose = road.lose;
  server.on("close", road.close);
  return apple;
}

/** The network between. */
async function openRoad(
  to: number,
): Promise<{ port: number; lose: () => void; close: () => void }> {
  const lost = new WeakSet<Socket>();
  const sockets = new Set<Socket>();
  const road = createServer((near) => {
    const far = connect(to, "127.0.0.1");
    sockets.add(near);
    for (const [from, on] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on("data", (bytes) => void (lost.has(near) || on.write(bytes)));
      from.on("close", () => on.destroy());
      from.on("error", () => {});
    }
    near.on("close", () => sockets.delete(near));
  });
  await new Promise<void>((resolve) => road.listen(0, "127.0.0.1", resolve));
  const { port } = road.address() as AddressInfo;
  const lose = (): void => {
    for (const socket of sockets) lost.add(socket);
  };
  const close = (): void => {
    for (const socket of sockets) socket.destroy();
    road.close();
  };
  return { port, lose, close };
}

async function answer(
  apple: Apple,
  stream: ServerHttp2Stream,
  headers: Record<string, unknown>,
  body: string,
  now: number,
): Promise<void> {
  const refused = await isStranger(String(headers["authorization"]), now);
  apple.requests.push({ headers, body });
  const found = refused ? ([403, refused] as const) : ANSWERS[apple.mood];
  if (apple.answer_ms > 0) await Bun.sleep(apple.answer_ms);
  if (found === undefined || stream.destroyed) return;
  if (found[0] === 200) trust(stream.session);
  const [status, reason] = found;
  stream.respond({ ":status": status, ...(status === 429 && { "retry-after": "7" }) });
  stream.end(reason === undefined ? "" : JSON.stringify({ reason }));
}

const trusted = new WeakSet<object>();

function trust(session: Http2Session | undefined): void {
  if (!session || trusted.has(session)) return;
  trusted.add(session);
  session.settings({ maxConcurrentStreams: STREAMS.after });
}

async function isStranger(authorization: string, now: number): Promise<string | undefined> {
  const pem = publicKey.export({ type: "spki", format: "pem" });
  try {
    const token = authorization.replace(/^bearer /, "");
    const options = { issuer: "TEAM123456", maxTokenAge: 3600, currentDate: new Date(now) };
    const { protectedHeader } = await jwtVerify(token, await importSPKI(pem, "ES256"), options);
    return protectedHeader.kid === "KEY1234567" ? undefined : "InvalidProviderToken";
  } catch (error) {
    const expired = (error as { code?: string }).code === "ERR_JWT_EXPIRED";
    return expired ? "ExpiredProviderToken" : "InvalidProviderToken";
  }
}
