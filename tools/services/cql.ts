/** As much of the CQL binary protocol, version 4, as one statement needs: to see whether a node works. */
import type { Socket } from "bun";

const OPCODE = { error: 0x00, startup: 0x01, ready: 0x02, query: 0x07, result: 0x08 } as const;
const HEADER_BYTES = 9;

/** On how many replicas a statement has to have worked (protocol §3, `[consistency]`). */
export const CONSISTENCY = { one: 0x01, quorum: 0x04, all: 0x05 } as const;

export type Place = {
  host: string;
  port: number;
  /** For a node that takes TLS only: texts in PEM. */
  tls?: { ca: string; cert: string; key: string };
};

type Frame = { opcode: number; body: Buffer };

/** Longer than a node waits for other nodes before it says that they did not answer. */
const ANSWER_MS = 15_000;

/**
 * Runs one statement on a connection of its own; its result is not read.
 * @throws what the node says against it, or that there is no node
 */
export async function runCql(
  { host, port, tls }: Place,
  statement: string,
  consistency: number = CONSISTENCY.one,
): Promise<void> {
  const answers = frames();
  // What is written before the end of a handshake is lost.
  const shaken = Promise.withResolvers<void>();
  if (!tls) shaken.resolve();
  const socket = await Bun.connect({
    hostname: host,
    port,
    ...(tls && { tls }),
    socket: {
      data: (_, chunk) => answers.add(chunk),
      close: () => answers.close(),
      handshake: () => shaken.resolve(),
    },
  });
  const late = setTimeout(() => {
    answers.close();
    shaken.resolve();
  }, ANSWER_MS);
  try {
    await shaken.promise;
    await ask(socket, answers, OPCODE.startup, startupBody());
    await ask(socket, answers, OPCODE.query, queryBody(statement, consistency));
  } finally {
    clearTimeout(late);
    socket.end();
  }
}

async function ask(socket: Socket, answers: Frames, opcode: number, body: Buffer): Promise<void> {
  socket.write(frameOf(opcode, body));
  const answer = await answers.next();
  if (answer.opcode === OPCODE.error) throw new Error(answer.body.subarray(6).toString());
}

/** A request as it goes over the wire (protocol §2). */
export function frameOf(opcode: number, body: Buffer): Buffer {
  const header = Buffer.from([0x04, 0, 0, 0, opcode, 0, 0, 0, 0]);
  header.writeUInt32BE(body.length, 5);
  return Buffer.concat([header, body]);
}

function startupBody(): Buffer {
  return Buffer.concat([Buffer.from([0, 1]), shortString("CQL_VERSION"), shortString("3.0.0")]);
}

function shortString(text: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length);
  return Buffer.concat([length, Buffer.from(text)]);
}

/** A long string, the consistency, and no flags. */
function queryBody(statement: string, consistency: number): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(statement));
  return Buffer.concat([length, Buffer.from(statement), Buffer.from([0, consistency, 0])]);
}

/** Makes frames of chunks; one question at a time is asked, so one frame at a time is waited for. */
export type Frames = { add(chunk: Buffer): void; close(): void; next(): Promise<Frame> };

export function frames(): Frames {
  let received = Buffer.alloc(0);
  let isClosed = false;
  let wake = (): void => {};

  function take(): Frame | undefined {
    if (received.length < HEADER_BYTES) return undefined;
    const end = HEADER_BYTES + received.readUInt32BE(5);
    if (received.length < end) return undefined;
    const frame = { opcode: received[4] ?? 0, body: received.subarray(HEADER_BYTES, end) };
    received = received.subarray(end);
    return frame;
  }

  return {
    add: (chunk) => {
      received = Buffer.concat([received, chunk]);
      wake();
    },
    close: () => {
      isClosed = true;
      wake();
    },
    next: async () => {
      for (;;) {
        const frame = take();
        if (frame) return frame;
        if (isClosed)
          throw new Error("the node closed the connection, or said nothing for too long");
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}
