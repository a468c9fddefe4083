/**
 * A TCP proxy in front of one NATS server that understands where messages begin and end, so that a test can lose, hold back or
 * let pass a single one in either direction while the connection goes on.
 */
import type { Socket, TCPSocketListener } from "bun";

export type Direction = "up" | "down";

/** One line of the protocol with what belongs to it. `subject` and `reply` are empty where there is none. */
export type Frame = { verb: string; subject: string; reply: string; bytes: Uint8Array };

/** What happens to a frame: `hold` keeps it until `release`. */
export type Verdict = "pass" | "drop" | "hold";

export type Proxy = {
  url: string;
  /** Asked about every frame; a test sets it. */
  judge: (frame: Frame, direction: Direction) => Verdict;
  /** What was held goes on its way, in its order, behind what has passed meanwhile. */
  release(): void;
  close(): void;
};

/** The places of the reply subject and of the size, counted in words of the line, for the verbs that have a payload. */
const REPLY_AT: Record<string, { words: number; at: number }> = {
  PUB: { words: 4, at: 2 },
  HPUB: { words: 5, at: 2 },
  MSG: { words: 5, at: 3 },
  HMSG: { words: 6, at: 3 },
};
const LINE_END = "\r\n";

/** Splits what arrives into frames; what is not complete waits. */
export function frameSplitter(heard: (frame: Frame) => void): (chunk: Uint8Array) => void {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (let frame = firstFrame(rest); frame; frame = firstFrame(rest)) {
      rest = rest.subarray(frame.bytes.length);
      heard(frame);
    }
  };
}

function firstFrame(bytes: Buffer): Frame | undefined {
  const end = bytes.indexOf(LINE_END);
  if (end < 0) return undefined;
  const words = bytes.subarray(0, end).toString().split(" ");
  const [verb = "", subject = ""] = words;
  const payload = REPLY_AT[verb];
  const head = end + LINE_END.length;
  const length = payload ? head + Number(words.at(-1)) + LINE_END.length : head;
  if (bytes.length < length) return undefined;
  const reply = payload && words.length === payload.words ? (words[payload.at] ?? "") : "";
  // Copied: the buffer that it lies in is used again.
  return { verb, subject, reply, bytes: Uint8Array.from(bytes.subarray(0, length)) };
}

/** One connection of a client, and the one to the server that belongs to it. */
type Line = { hear(chunk: Uint8Array): void; server: Promise<Socket> };

export function openProxy(target: string): Proxy {
  const { hostname, port } = new URL(target);
  const held: (() => void)[] = [];
  const sockets = new Set<Socket<Line>>();

  function relay(direction: Direction, write: (bytes: Uint8Array) => void) {
    return frameSplitter((frame) => {
      const verdict = proxy.judge(frame, direction);
      if (verdict === "pass") write(frame.bytes);
      if (verdict === "hold") held.push(() => write(frame.bytes));
    });
  }

  function connect(client: Socket<Line>): Promise<Socket> {
    const down = relay("down", (bytes) => void client.write(bytes));
    return Bun.connect({
      hostname,
      port: Number(port),
      socket: {
        data: (_server, chunk) => down(chunk),
        close: () => void client.end(),
      },
    });
  }

  const listener: TCPSocketListener<Line> = Bun.listen<Line>({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      open(client) {
        sockets.add(client);
        const server = connect(client);
        const hear = relay("up", (bytes) => void server.then((socket) => socket.write(bytes)));
        client.data = { hear, server };
      },
      data: (client, chunk) => client.data.hear(chunk),
      close(client) {
        sockets.delete(client);
        void client.data.server.then((socket) => socket.end());
      },
    },
  });
  const proxy: Proxy = {
    url: `nats://127.0.0.1:${listener.port}`,
    judge: () => "pass",
    release: () => held.splice(0).forEach((write) => write()),
    close() {
      listener.stop();
      for (const socket of sockets) socket.end();
    },
  };
  return proxy;
}
