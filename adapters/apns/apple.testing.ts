/** Apple's provider API over HTTP/2, after its public description: enough to be spoken to, and to say no. */
import { generateKeyPairSync } from "node:crypto";
import { createSecureServer } from "node:http2";
import type { Http2SecureServer, ServerHttp2Session, ServerHttp2Stream } from "node:http2";
import type { AddressInfo } from "node:net";
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
  /** Closes every connection as Apple does now and then, or without a word. */
  cut(how: "goaway" | "destroy"): void;
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

export async function openApple(now: () => number): Promise<Apple> {
  const server: Http2SecureServer = createSecureServer({ key: PRIVATE_KEY, cert: CERTIFICATE });
  const sessions = new Set<ServerHttp2Session>();
  const apple: Apple = {
    url: "",
    mood: "takes",
    requests: [],
    connections: 0,
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
  apple.url = `https://localhost:${(server.address() as AddressInfo).port}`;
  return apple;
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
  if (found === undefined || stream.destroyed) return;
  const [status, reason] = found;
  stream.respond({ ":status": status, ...(status === 429 && { "retry-after": "7" }) });
  stream.end(reason === undefined ? "" : JSON.stringify({ reason }));
}

async function isStranger(authorization: string, now: number): Promise<string | undefined> {
  const pem = publicKey.export({ type: "spki", format: "pem" });
  try {
    const token = authorization.replace(/^bearer /, "");
    const options = { issuer: "TEAM123456", maxTokenAge: 3600, currentDate: new Date(now) };
    const { protectedHeader } = await jwtVerify(token, await importSPKI(pem, "ES256"), options);
    return protectedHeader.kid === "KEY1234567" ? undefined : "InvalidProviderToken";
  } catch {
    return "InvalidProviderToken";
  }
}
