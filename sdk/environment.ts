/**
 * Everything the SDK needs from the world it runs in. The rest of the SDK knows no clock, randomness, timer, socket or
 * disk: a simulator passes its own record, `platform/` holds the one for browsers, Node and Bun.
 */
import type { Store } from "./store/port.ts";

export type Cancel = () => void;

export type SocketListeners = {
  opened: () => void;
  message: (text: string) => void;
  /** Called once, also when the socket never opened (1006). */
  closed: (code: number) => void;
};

export type Socket = {
  send: (text: string) => void;
  close: (code?: number) => void;
};

export type HttpRequest = {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  url: string;
  headers: Record<string, string>;
  body?: string;
  timeout_ms: number;
};

/** `body` is the parsed JSON, undefined when there was none. */
export type HttpResponse = { status: number; body: unknown };

export type Environment = {
  /** Milliseconds since 1970. */
  now: () => number;
  /** Random bytes that nobody can predict. */
  randomBytes: (count: number) => Uint8Array;
  setTimer: (ms: number, fire: () => void) => Cancel;
  openSocket: (url: string, protocol: string, listeners: SocketListeners) => Socket;
  /** Rejects when there is no answer. */
  fetch: (request: HttpRequest) => Promise<HttpResponse>;
  /** The store of this name: one per account and device. */
  openStore: (name: string) => Promise<Store>;
  /** Hints from the platform that the network came or went. Only hints: a wrong one delays nothing for ever. */
  watchNetwork?: (changed: (online: boolean) => void) => Cancel;
};
