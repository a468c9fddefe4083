/** The environment of browsers, Node 22 and later, and Bun: the only file that touches their globals. */
import type {
  Environment,
  HttpRequest,
  HttpResponse,
  Socket,
  SocketListeners,
} from "../environment.ts";
import type { Factory, KeyRanges } from "../store/indexeddb-types.ts";
import { indexedDbStore } from "../store/indexeddb.ts";
import { memoryStore } from "../store/memory.ts";

type WebSocketLike = {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  send: (text: string) => void;
  close: (code?: number) => void;
};
type FetchOptions = {
  method: string;
  headers: Record<string, string>;
  body?: string;
  signal: object;
};
type Answer = { status: number; text: () => Promise<string> };

declare const WebSocket: new (url: string, protocol: string) => WebSocketLike;
declare const fetch: (url: string, options: FetchOptions) => Promise<Answer>;
declare const setTimeout: (fire: () => void, ms: number) => unknown;
declare const clearTimeout: (timer: unknown) => void;
declare const crypto: { getRandomValues: (into: Uint8Array) => Uint8Array };
declare const AbortSignal: { timeout: (ms: number) => object };
declare const indexedDB: Factory | undefined;
declare const IDBKeyRange: KeyRanges;
declare const navigator: { onLine?: boolean } | undefined;
declare const addEventListener: ((type: string, listener: () => void) => void) | undefined;
declare const removeEventListener: (type: string, listener: () => void) => void;

/** setTimeout fires at once beyond this. */
const TIMER_MAX_MS = 2 ** 31 - 1;

export const platform: Environment = {
  now: () => Date.now(),
  randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  setTimer: (ms, fire) => {
    const timer = setTimeout(fire, Math.min(ms, TIMER_MAX_MS));
    return () => clearTimeout(timer);
  },
  openSocket,
  fetch: callServer,
  openStore: async (name) => {
    if (typeof indexedDB === "undefined") return memoryStore();
    return indexedDbStore({ factory: indexedDB, ranges: IDBKeyRange }, name);
  },
  watchNetwork,
};

function openSocket(url: string, protocol: string, listeners: SocketListeners): Socket {
  let socket: WebSocketLike;
  try {
    socket = new WebSocket(url, protocol);
  } catch (error) {
    // No WebSocket in this runtime, Node before 22: waiting would not help.
    if (error instanceof ReferenceError) throw error;
    // A page served over https may not open ws:, and says so by throwing.
    const cancel = platform.setTimer(0, () => listeners.closed(1006));
    return { send: () => {}, close: cancel };
  }
  socket.onopen = listeners.opened;
  socket.onmessage = ({ data }) => {
    if (typeof data === "string") listeners.message(data);
  };
  socket.onclose = ({ code }) => listeners.closed(code);
  return { send: (text) => socket.send(text), close: (code) => socket.close(code) };
}

async function callServer(request: HttpRequest): Promise<HttpResponse> {
  const { url, timeout_ms, ...options } = request;
  const answer = await fetch(url, { ...options, signal: AbortSignal.timeout(timeout_ms) });
  const text = await answer.text();
  return { status: answer.status, body: parsed(text) };
}

/** A proxy's error page is no JSON: then the status says it all. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function watchNetwork(changed: (online: boolean) => void): () => void {
  if (typeof addEventListener === "undefined") return () => {};
  const online = (): void => changed(true);
  const offline = (): void => changed(false);
  addEventListener("online", online);
  addEventListener("offline", offline);
  if (typeof navigator !== "undefined" && navigator.onLine === false) offline();
  return () => {
    removeEventListener("online", online);
    removeEventListener("offline", offline);
  };
}
