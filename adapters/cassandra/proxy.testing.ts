/**
 * Stands between the driver and a real node and spoils writes on the wire: TCP, whole frames of the CQL binary protocol
 * version 4, nothing simulated on either side of it. A frame is dropped, or its answer is, or it is held back until it
 * is wanted; so the node has done exactly what the fault says, and the driver cannot know it.
 */
import type { Socket, TCPSocketListener } from "bun";
import type { TableFault } from "@damso/contracts/table";

const HEADER_BYTES = 9;
const EXECUTE = 0x0a;
const BATCH = 0x0d;

export type CqlProxy = {
  port: number;
  /** Of the frames that write from now on, until the first is answered again. */
  fail(fault: TableFault): void;
  /** Sends on what was held back, and nothing else before that is answered. */
  arrive(): void;
  /** As if the cable were pulled: connections end, and new ones are refused until `plug`. */
  unplug(): void;
  plug(): void;
  close(): void;
};

type Link = {
  down: Socket<Link>;
  up: Socket<Link> | undefined;
  toServer: (chunk: Buffer) => void;
  toClient: (chunk: Buffer) => void;
  /** Until the server is connected. */
  early: Buffer[];
};

type Frame = { bytes: Buffer; stream: number; opcode: number };

/** Cuts what arrives into frames (CQL binary protocol v4, section 2). */
function framing(take: (frame: Frame) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + rest.readUInt32BE(5);
      if (rest.length < end) return;
      const bytes = Buffer.from(rest.subarray(0, end));
      rest = rest.subarray(end);
      take({ bytes, stream: bytes.readInt16BE(2), opcode: bytes[4] ?? 0 });
    }
  };
}

/** Frames whose outcome a fault decides: two are the rows of the write that the contract makes. */
const FRAMES_HIT = 2;

export function startProxy(node: { host: string; port: number }): CqlProxy {
  let fault: TableFault | undefined;
  let hit = 0;
  /** Streams whose answer nobody may see. */
  const muted = new Set<number>();
  const held: (() => number)[] = [];
  /** Streams of late frames that are on their way; everything else waits for their answers. */
  const awaited = new Set<number>();
  const behind: (() => void)[] = [];
  const links = new Set<Link>();
  let plugged = true;

  function spoil(frame: Frame, send: () => void): void {
    const current = fault;
    if (current === undefined) return send();
    const first = hit++ === 0;
    if (hit === FRAMES_HIT) fault = undefined;
    if (current === "part" && first) return send();
    if (current === "lost" || current === "part") return;
    muted.add(frame.stream);
    if (current === "unanswered") return send();
    held.push(() => {
      send();
      return frame.stream;
    });
  }

  function open(down: Socket<Link>): Link {
    const link: Link = {
      down,
      up: undefined,
      early: [],
      toServer: framing((frame) => {
        const send = (): void => {
          if (link.up) link.up.write(frame.bytes);
          else link.early.push(frame.bytes);
        };
        const writes = frame.opcode === EXECUTE || frame.opcode === BATCH;
        const pass = (): void => (writes ? spoil(frame, send) : send());
        if (awaited.size > 0) behind.push(pass);
        else pass();
      }),
      toClient: framing((frame) => {
        if (awaited.delete(frame.stream) && awaited.size === 0)
          behind.splice(0).forEach((run) => run());
        if (!muted.delete(frame.stream)) down.write(frame.bytes);
      }),
    };
    links.add(link);
    void connect(link);
    return link;
  }

  async function connect(link: Link): Promise<void> {
    link.up = await Bun.connect<Link>({
      hostname: node.host,
      port: node.port,
      data: link,
      socket: {
        data: (_, chunk) => link.toClient(chunk),
        close: () => void link.down.end(),
      },
    });
    for (const bytes of link.early.splice(0)) link.up.write(bytes);
  }

  const end = (link: Link): void => {
    links.delete(link);
    link.up?.end();
  };
  const listener: TCPSocketListener<Link> = Bun.listen<Link>({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      open: (down) => {
        if (plugged) down.data = open(down);
        else down.terminate();
      },
      data: ({ data }, chunk) => data.toServer(chunk),
      close: ({ data }) => data && end(data),
    },
  });

  return {
    port: listener.port,
    fail(next) {
      fault = next;
      hit = 0;
    },
    arrive() {
      for (const send of held.splice(0)) awaited.add(send());
    },
    unplug() {
      plugged = false;
      for (const link of links) link.down.terminate();
    },
    plug() {
      plugged = true;
    },
    close() {
      listener.stop(true);
    },
  };
}
