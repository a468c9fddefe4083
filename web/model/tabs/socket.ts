/**
 * The socket that a tab's client opens: a line into the hub of the leader, here or in another tab. When the lead moves,
 * every line ends as a lost connection does, and the client comes back by itself.
 */
import type { Environment, Socket, SocketListeners } from "@damso/sdk/environment";
import type { Hub } from "./hub.ts";
import type { Member } from "./member.ts";

const LOST = 1006;
/** A leader that does not answer for this long is taken for dead, though its tab is there. */
const SILENCE_MS = 4000;

/** Between tabs: `tab` is who opened the line, `line` its number there. */
type Note =
  | { to: "leader"; tab: string; line: number; do: "open"; url: string }
  | { to: "leader"; tab: string; line: number; do: "send"; text: string }
  | { to: "leader"; tab: string; line: number; do: "close" }
  | { to: "tab"; tab: string; line: number; do: "opened" }
  | { to: "tab"; tab: string; line: number; do: "message"; text: string }
  | { to: "tab"; tab: string; line: number; do: "closed"; code: number }
  | { to: "all"; do: "lead" };

type Far = { url: string; listeners: SocketListeners; answered: boolean; cancel: () => void };

export type Sharing = {
  openSocket: Environment["openSocket"];
  heard: (message: unknown) => void;
  gained: () => void;
  lost: () => void;
  /** That tab is no more: its lines end. */
  gone: (tab: string) => void;
};

type World = Pick<Environment, "setTimer"> & {
  member: () => Member;
  hub: Hub;
  /** A tab has a line here for the first time. */
  met: (tab: string) => void;
};

type Post = (note: Note) => void;

export function shareSocket(world: World): Sharing {
  const post: Post = (note) => world.member().bus.post(note);
  const far = farLines(world, post);
  const near = nearLines(world, post);
  return {
    openSocket: (url, _protocol, listeners) =>
      world.member().leads() ? world.hub.attach(url, listeners, true) : far.open(url, listeners),
    heard: (message) => {
      const note = message as Note;
      if (note.to === "all") far.lose();
      else if (note.to === "tab") far.take(note);
      else if (world.member().leads()) near.take(note);
    },
    gained: () => {
      post({ to: "all", do: "lead" });
      far.lose();
    },
    lost: () => {
      near.clear();
      world.hub.drop();
    },
    gone: near.gone,
  };
}

type FarLines = {
  open: (url: string, listeners: SocketListeners) => Socket;
  take: (note: Extract<Note, { to: "tab" }>) => void;
  /** Everything that went to the earlier leader is lost with it. */
  lose: () => void;
};

/** Lines of this tab to a leader elsewhere. */
function farLines({ member, setTimer }: World, post: Post): FarLines {
  const far = new Map<number, Far>();
  let numbers = 0;

  function open(url: string, listeners: SocketListeners): Socket {
    const { tab, usurp } = member();
    const line = (numbers += 1);
    const cancel = setTimer(SILENCE_MS, () => {
      if (far.get(line)?.answered === false) usurp();
    });
    far.set(line, { url, listeners, answered: false, cancel });
    post({ to: "leader", tab, line, do: "open", url });
    return {
      send: (text) => post({ to: "leader", tab, line, do: "send", text }),
      close: () => {
        cancel();
        if (far.delete(line)) post({ to: "leader", tab, line, do: "close" });
      },
    };
  }

  function take(note: Extract<Note, { to: "tab" }>): void {
    const line = far.get(note.line);
    if (note.tab !== member().tab || line === undefined) return;
    line.answered = true;
    if (note.do === "opened") return line.listeners.opened();
    if (note.do === "message") return line.listeners.message(note.text);
    line.cancel();
    far.delete(note.line);
    line.listeners.closed(note.code);
  }

  function lose(): void {
    const lost = [...far.values()];
    far.clear();
    for (const { listeners, cancel } of lost) {
      cancel();
      listeners.closed(LOST);
    }
  }

  return { open, take, lose };
}

type NearLines = {
  take: (note: Extract<Note, { to: "leader" }>) => void;
  gone: (tab: string) => void;
  clear: () => void;
};

/** Lines of other tabs into this one's hub. */
function nearLines({ hub, met }: World, post: Post): NearLines {
  const near = new Map<string, Map<number, Socket>>();

  function take(note: Extract<Note, { to: "leader" }>): void {
    const { tab, line } = note;
    const lines = near.get(tab) ?? new Map<number, Socket>();
    if (note.do === "open") {
      if (!near.has(tab)) met(tab);
      near.set(tab, lines);
      lines.set(line, hub.attach(note.url, listenersOf(tab, line, post), false));
      return;
    }
    const socket = lines.get(line);
    // It was opened with an earlier leader.
    if (socket === undefined) return post({ to: "tab", tab, line, do: "closed", code: LOST });
    if (note.do === "send") return socket.send(note.text);
    lines.delete(line);
    socket.close();
  }

  return {
    take,
    gone: (tab) => {
      const lines = near.get(tab);
      near.delete(tab);
      for (const socket of lines?.values() ?? []) socket.close();
    },
    clear: () => near.clear(),
  };
}

function listenersOf(tab: string, line: number, post: Post): SocketListeners {
  return {
    opened: () => post({ to: "tab", tab, line, do: "opened" }),
    message: (text) => post({ to: "tab", tab, line, do: "message", text }),
    closed: (code) => post({ to: "tab", tab, line, do: "closed", code }),
  };
}
