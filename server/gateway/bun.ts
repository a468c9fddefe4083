/**
 * The gateway on Bun's sockets, and everything else to the HTTP API.
 * Rules: P15 (a token from the cookie), P20 (frame size), P22 (cookies need an `Origin`).
 */
import { refusal } from "@damso/protocol/codes";
import type { Refusal } from "@damso/protocol/codes";
import type { Server } from "bun";
import { BUFFER_HARD_BYTES } from "./bounds.ts";
import type { Gateway } from "./gateway.ts";
import type { Connection, Context } from "./types.ts";

export const SOCKET_PATH = "/v1/socket";
export const SUBPROTOCOL = "damso.v1";

/** A backstop in seconds behind the gateway's own idle rule: sockets that died without a word. */
const IDLE_SECONDS = 120;
/** Above the longest long poll. */
const HTTP_IDLE_SECONDS = 60;
/** A hard stop above the largest upload; the API refuses what is above its own limits with a document that says why. */
const BODY_BYTES_MAX: number = 32 * 1024 * 1024;

export type SocketData = Context & { connection: Connection | undefined };
export type BunServer = Server<SocketData>;

type ProblemExtra = { status?: number; headers?: Readonly<Record<string, string>> };

export type ServeOptions = {
  host: string;
  port: number;
  gateway: Gateway;
  frame_bytes_max: number;
  /** The access token in the cookie of an upgrade, if its `Origin` is ours: another site's page cannot choose that. */
  cookieToken(request: Request): string | undefined;
  /** Why no socket is taken at the moment, if so. */
  closedBecause(): Refusal | undefined;
  /** A refusal as the API answers it: `status` and `headers` where they are not those of its code. */
  problem(refusal: Refusal, extra?: ProblemExtra): Response;
  fetch(request: Request, server: BunServer): Response | Promise<Response>;
  failed(error: unknown): Response;
};

export function serve(options: ServeOptions): BunServer {
  const { gateway } = options;
  return Bun.serve<SocketData>({
    hostname: options.host,
    port: options.port,
    idleTimeout: HTTP_IDLE_SECONDS,
    maxRequestBodySize: BODY_BYTES_MAX,
    development: false,
    // Without `development` Bun shares a port that is taken: a second server would get half of the first one's clients.
    reusePort: false,
    fetch(request, server) {
      if (pathOf(request.url) !== SOCKET_PATH) return options.fetch(request, server);
      return upgrade(options, request, server);
    },
    error: (error) => options.failed(error),
    websocket: {
      // Bun cuts the connection off at a frame's header, and the client may not learn why. So the gateway closes what is
      // a little too large, with 1009, and only what is far too large is cut off.
      maxPayloadLength: 2 * options.frame_bytes_max,
      idleTimeout: IDLE_SECONDS,
      // Beyond this Bun would drop frames without a word; the gateway closes the socket long before.
      backpressureLimit: 4 * BUFFER_HARD_BYTES,
      closeOnBackpressureLimit: true,
      sendPings: false,
      // One frame of 450 bytes takes 10 µs to deflate to 270, more than all else the gateway does for a message;
      // a context per socket would halve that again and cost more memory than the rest of a session.
      perMessageDeflate: false,
      open(ws) {
        ws.data.connection = gateway.opened(ws, ws.data);
      },
      message(ws, data) {
        if (ws.data.connection) gateway.message(ws.data.connection, data);
      },
      drain(ws) {
        if (ws.data.connection) gateway.drained(ws.data.connection);
      },
      close(ws) {
        if (ws.data.connection) gateway.closed(ws.data.connection);
      },
    },
  });
}

/** The path of an absolute URL without building one: this is asked for every request. */
function pathOf(url: string): string {
  const start = url.indexOf("/", url.indexOf("//") + 2);
  const end = url.indexOf("?", start);
  return end < 0 ? url.slice(start) : url.slice(start, end);
}

function upgrade(options: ServeOptions, request: Request, server: BunServer): Response | undefined {
  if (request.method !== "GET" || request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
    const why = refusal("invalid", "this path speaks WebSocket");
    return options.problem(why, { status: 426, headers: { upgrade: "websocket" } });
  }
  const offered = request.headers.get("sec-websocket-protocol") ?? "";
  if (!offered.split(",").some((one) => one.trim() === SUBPROTOCOL)) {
    return options.problem(refusal("invalid", `the subprotocol is ${SUBPROTOCOL}`));
  }
  const closed = options.closedBecause();
  if (closed) return options.problem(closed);
  const token = options.cookieToken(request);
  const data: SocketData = { token, connection: undefined };
  const headers = { "sec-websocket-protocol": SUBPROTOCOL };
  if (server.upgrade(request, { data, headers })) return undefined;
  return options.problem(refusal("invalid", "the WebSocket handshake is not complete"));
}
