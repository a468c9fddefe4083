/** A client's sockets with somebody listening in: every frame in both directions, and the line itself. */
import type { Environment, SocketListeners } from "@damso/sdk/environment";

export type Tapped = {
  way: "out" | "in" | "line";
  /** The frame as it travels; for the line, what became of it. */
  text: string;
};

export type Tap = {
  environment: Environment;
  /** Ends the connection without a word, as a tunnel does. */
  cut: () => void;
};

/** What a browser reports when a connection is just gone (RFC 6455 section 7.1.5). */
const GONE = 1006;

export function tapped(base: Environment, note: (heard: Tapped) => void): Tap {
  let cut = (): void => {};
  const openSocket: Environment["openSocket"] = (url, protocol, listeners) => {
    let isCut = false;
    const heard = listening(listeners, note, () => isCut);
    const socket = base.openSocket(url, protocol, heard);
    cut = () => {
      if (isCut) return;
      heard.closed(GONE);
      isCut = true;
      socket.close();
    };
    return {
      send(text) {
        note({ way: "out", text });
        socket.send(text);
      },
      close: (code) => socket.close(code),
    };
  };
  return { environment: { ...base, openSocket }, cut: () => cut() };
}

function listening(
  listeners: SocketListeners,
  note: (heard: Tapped) => void,
  isCut: () => boolean,
): SocketListeners {
  let isClosed = false;
  return {
    opened() {
      note({ way: "line", text: "opened" });
      listeners.opened();
    },
    message(text) {
      if (isCut()) return;
      note({ way: "in", text });
      listeners.message(text);
    },
    closed(code) {
      if (isClosed) return;
      isClosed = true;
      note({ way: "line", text: `closed ${code}` });
      listeners.closed(code);
    },
  };
}
