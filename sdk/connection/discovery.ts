/** Where to connect: `GET /v1/servers`, best first, and the base URL as the last resort. */
import { SOCKET_PATH } from "@damso/protocol/socket";
import type { Environment } from "../environment.ts";
import { request } from "../transport/http.ts";

const SERVERS_MAX = 3;

/** Socket URLs to try in order. Never rejects and is never empty. */
export async function discover(
  environment: Pick<Environment, "fetch">,
  server: string,
): Promise<string[]> {
  const base = socketUrl(server);
  const list = request<{ servers: { url: string }[] }>(environment, server, ["GET", "/v1/servers"]);
  const found = await list
    .then(({ servers }) => servers.slice(0, SERVERS_MAX).map(({ url }) => socketUrl(url)))
    // A server that cannot tell the list may still take the socket.
    .catch((): string[] => []);
  // The token never leaves an encrypted connection for an open one.
  const safe = found.filter((url) => !base.startsWith("wss:") || url.startsWith("wss:"));
  return [...new Set([...safe, base])];
}

function socketUrl(server: string): string {
  return `${server.replace(/^http/, "ws").replace(/\/+$/, "")}${SOCKET_PATH}`;
}
