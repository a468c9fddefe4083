/**
 * A client that knows the protocol and nothing else: frames out, frames in, replies by their id.
 * What it means is the business of whoever holds it.
 */
import { SOCKET_PATH, SUBPROTOCOL } from "@damso/protocol/socket";
import { within } from "./until.ts";

export type Frame = { type: string; id?: number; [field: string]: unknown };
export type Closing = { code: number; reason: string };

export type RigSocket = {
  /** Frames without an `id`, in the order they came, until someone takes them over. */
  unasked: Frame[];
  /** From now on each frame without an `id` goes here. */
  listen(listener: (frame: Frame) => void): void;
  /** Sends and waits for the reply of the same `id`; rejects when the socket closes first. */
  request(frame: { type: string; [field: string]: unknown }, ms?: number): Promise<Frame>;
  /** Sends as it is. */
  send(data: string | Uint8Array): void;
  isOpen(): boolean;
  closed: Promise<Closing>;
  /** Asks for a close, and resolves when it is. */
  close(): Promise<Closing>;
  /** Drops the connection without a word. */
  terminate(): void;
};

/** The socket closed before the reply. */
export class Closed extends Error {
  override name = "Closed";
}

/** The hello was turned away, with a code. */
export class Refused extends Error {
  override name = "Refused";
  readonly code: string;
  constructor(frame: Frame) {
    super(`hello: ${JSON.stringify(frame)}`);
    this.code = String(frame["code"]);
  }
}

type Waiting = { resolve(frame: Frame): void; reject(error: Error): void };

/** Resolves when the socket is open; nothing was said yet. */
export async function openSocket(origin: string): Promise<RigSocket> {
  const url = origin.replace(/^http/, "ws") + SOCKET_PATH;
  const ws = new WebSocket(url, SUBPROTOCOL);
  ws.binaryType = "arraybuffer";
  const opened = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<Closing>();
  const waiting = new Map<number, Waiting>();
  const unasked: Frame[] = [];
  let listener = (frame: Frame): void => void unasked.push(frame);
  let id = 0;
  ws.onopen = () => opened.resolve();
  ws.onerror = () => opened.reject(new Closed("the socket did not open"));
  ws.onmessage = ({ data }) => {
    const frame = JSON.parse(data as string) as Frame;
    const asked = frame.id === undefined ? undefined : waiting.get(frame.id);
    if (!asked) return listener(frame);
    waiting.delete(frame.id as number);
    asked.resolve(frame);
  };
  ws.onclose = ({ code, reason }) => {
    opened.reject(new Closed(`the socket closed with ${code}`));
    closed.resolve({ code, reason });
    for (const { reject } of waiting.values()) reject(new Closed(`closed with ${code} ${reason}`));
    waiting.clear();
  };
  await opened.promise;
  return {
    unasked,
    listen(next) {
      listener = next;
      for (const frame of unasked.splice(0)) next(frame);
    },
    request(frame, ms = 30_000) {
      if (ws.readyState !== WebSocket.OPEN) return Promise.reject(new Closed("not open"));
      const own = ++id;
      const reply = new Promise<Frame>((resolve, reject) => waiting.set(own, { resolve, reject }));
      ws.send(JSON.stringify({ ...frame, id: own }));
      return within(reply, ms, () => `the reply to ${frame.type}`);
    },
    send: (data) => ws.send(data),
    isOpen: () => ws.readyState === WebSocket.OPEN,
    closed: closed.promise,
    close() {
      ws.close();
      return closed.promise;
    },
    terminate: () => ws.terminate(),
  };
}

export type Welcome = Frame & {
  user_id: string;
  device_id: string;
  session_id: string;
  feed: { id: string; head: number };
  events: Frame[];
  more: boolean;
  reset?: boolean;
};

/** A socket past its hello. Rejects with the code when it is turned away. */
export async function connect(
  origin: string,
  token: string,
  feed?: { id: string; pos: number },
): Promise<{ socket: RigSocket; welcome: Welcome }> {
  const socket = await openSocket(origin);
  const hello = { type: "hello", token, client: "rig", ...(feed ? { feed } : {}) };
  const welcome = await socket.request(hello);
  if (welcome.type !== "welcome") throw new Refused(welcome);
  return { socket, welcome: welcome as Welcome };
}
