/**
 * Many tabs on one socket. Every tab has a client of its own with its own place in the feed; to each of them a line
 * looks like a socket of its own, so that resuming, resending and the gap rule hold without knowing of other tabs. The
 * first hello is the socket's; a later one is answered with the same welcome and a page of its own (`sync`).
 */
import type { ClientFrame, Replies } from "@damso/protocol";
import { SUBPROTOCOL } from "@damso/protocol/socket";
import type { Environment, Socket, SocketListeners } from "@damso/sdk/environment";
import type { Hello, Line } from "./lines.ts";
import { allWatched, anyActive, isLookedAt, newLine } from "./lines.ts";

/** RFC 6455: ended without a close. */
const LOST = 1006;

type Frame = { type: string; id?: number; pos?: number } & Record<string, unknown>;
type Welcome = Replies["welcome"];
type Answered = (frame: Frame) => void;

type Link = {
  socket: Socket;
  opened: boolean;
  /** Whose hello is under way. */
  greeter: Line | undefined;
  welcome: Welcome | undefined;
  /** Who gets the answer of a number. */
  asked: Map<number, Answered>;
  numbers: number;
  /** The highest position that the socket has told. */
  pos: number;
  /** A ping of anybody's waits for a sign of life. */
  pinged: boolean;
};

type Self = {
  open: Environment["openSocket"];
  lines: Set<Line>;
  link: Link | undefined;
};

export type Hub = {
  /** A line into the socket of this address, which is opened when it is the first. */
  attach: (url: string, listeners: SocketListeners, stores: boolean) => Socket;
  /** Ends the socket and with it every line. */
  drop: () => void;
};

export function createHub(open: Environment["openSocket"]): Hub {
  const self: Self = { open, lines: new Set(), link: undefined };
  return {
    attach: (url, listeners, stores) => attach(self, url, newLine(listeners, stores)),
    drop: () => drop(self, LOST),
  };
}

function attach(self: Self, url: string, line: Line): Socket {
  self.lines.add(line);
  if (self.link === undefined) connect(self, url);
  else if (self.link.opened) void Promise.resolve().then(() => line.opened());
  return {
    send: (text) => {
      if (self.lines.has(line)) take(self, line, JSON.parse(text) as ClientFrame);
    },
    close: () => detach(self, line),
  };
}

function connect(self: Self, url: string): void {
  const mine = (heard: () => void): void => {
    if (self.link === link) heard();
  };
  const link: Link = {
    socket: { send: () => {}, close: () => {} },
    opened: false,
    greeter: undefined,
    welcome: undefined,
    asked: new Map(),
    numbers: 0,
    pos: 0,
    pinged: false,
  };
  self.link = link;
  link.socket = self.open(url, SUBPROTOCOL, {
    opened: () =>
      mine(() => {
        link.opened = true;
        for (const line of self.lines) line.opened();
      }),
    message: (text) => mine(() => receive(self, link, text)),
    closed: (code) => mine(() => drop(self, code)),
  });
}

/** Every line is told once; those who come back open a new socket. */
function drop(self: Self, code: number): void {
  const { link, lines } = self;
  self.link = undefined;
  self.lines = new Set();
  link?.socket.close();
  for (const line of lines) line.closed(code);
}

function detach(self: Self, line: Line): void {
  const { link } = self;
  if (!self.lines.delete(line) || link === undefined) return;
  // Who hangs up on a silent socket has waited long enough for the others too.
  const doubtful = link.welcome === undefined || link.pinged;
  if (self.lines.size === 0 || doubtful) return drop(self, LOST);
  for (const channel of line.looking) {
    if (!isLookedAt(self.lines, channel)) put(link, { type: "close", channel });
  }
  const [other] = self.lines;
  if (other && line.watched.length > 0) {
    put(link, { type: "watch", users: allWatched(self.lines, other) });
  }
  if (line.active && !anyActive(self.lines)) ping(link, false);
}

/** What a tab says. */
function take(self: Self, line: Line, frame: ClientFrame): void {
  const { link } = self;
  if (link === undefined) return;
  switch (frame.type) {
    case "hello":
      line.active = frame.active ?? true;
      line.hello = frame;
      return greet(self, link, line);
    case "ping":
      line.active = frame.active ?? line.active;
      return ping(link, anyActive(self.lines));
    case "ack":
      if (line.stores) put(link, { ...frame, active: anyActive(self.lines) });
      return;
    case "watch":
      line.watched = frame.users;
      return put(link, { ...frame, users: allWatched(self.lines, line) });
    case "open":
      line.looking.add(frame.channel);
      return forward(self, link, line, frame);
    case "close":
      line.looking.delete(frame.channel);
      if (!isLookedAt(self.lines, frame.channel)) put(link, frame);
      return;
    default:
      return forward(self, link, line, frame);
  }
}

function ping(link: Link, active: boolean): void {
  link.pinged = true;
  put(link, { type: "ping", active });
}

function put({ socket }: Link, frame: object): void {
  socket.send(JSON.stringify(frame));
}

/** Numbers of requests are unique on a socket; each tab counts its own. */
function ask(link: Link, frame: object, answered: Answered): void {
  const id = (link.numbers += 1);
  link.asked.set(id, answered);
  put(link, { ...frame, id });
}

function forward(self: Self, link: Link, line: Line, frame: ClientFrame): void {
  const { id } = frame as { id?: number };
  if (id === undefined) return put(link, frame);
  ask(link, frame, (answer) => tell(self, line, { ...answer, id }));
}

function tell(self: Self, line: Line, frame: object): void {
  if (self.lines.has(line)) line.message(JSON.stringify(frame));
}

function greet(self: Self, link: Link, line: Line): void {
  const { hello } = line;
  if (hello === undefined) return;
  if (link.welcome !== undefined) return catchUp(self, link, line, hello);
  if (link.greeter !== undefined) return;
  link.greeter = line;
  const { id } = hello;
  ask(link, { ...hello, active: anyActive(self.lines) }, (answer) => {
    link.greeter = undefined;
    if (answer.type === "welcome") welcomed(link, answer as unknown as Welcome);
    welcome(self, line, { ...answer, id });
    for (const next of self.lines) greet(self, link, next);
  });
}

function welcomed(link: Link, told: Welcome): void {
  link.welcome = told;
  link.pos = Math.max(link.pos, told.feed.head);
}

/** A later tab resumes at its own place; one without any begins where the socket is. */
function catchUp(self: Self, link: Link, line: Line, hello: Hello): void {
  const { welcome: shared } = link;
  if (shared === undefined) return;
  const { events: _events, more: _more, reset: _reset, ...same } = shared;
  const feed = hello.feed ?? { id: shared.feed.id, pos: link.pos };
  ask(link, { type: "sync", feed }, (answer) => {
    if (answer.type !== "events") return hangUp(self, line);
    const { feed: at, events, more, reset } = answer as unknown as Replies["events"];
    const page = hello.feed ? { events, more } : { events: [], more: false };
    welcome(self, line, { ...same, id: hello.id, feed: at, ...page, ...(reset && { reset }) });
  });
}

function hangUp(self: Self, line: Line): void {
  if (self.lines.delete(line)) line.closed(LOST);
}

/** The answer to a hello, and then what came meanwhile: a position that is known already counts for nothing. */
function welcome(self: Self, line: Line, frame: object): void {
  line.hello = undefined;
  tell(self, line, frame);
  if ((frame as Frame).type !== "welcome") return;
  line.welcomed = true;
  for (const text of line.early.splice(0)) line.message(text);
}

/** What the server says: an answer goes to who asked, everything else to all. */
function receive(self: Self, link: Link, text: string): void {
  link.pinged = false;
  const frame = parse(text);
  if (frame === undefined) return;
  if (typeof frame.id === "number") {
    const answered = link.asked.get(frame.id);
    link.asked.delete(frame.id);
    return answered?.(frame);
  }
  if (typeof frame.pos === "number") link.pos = Math.max(link.pos, frame.pos);
  for (const line of self.lines) {
    if (line.welcomed || frame.type === "bye") line.message(text);
    else if (line.hello !== undefined) line.early.push(text);
  }
}

function parse(text: string): Frame | undefined {
  try {
    return JSON.parse(text) as Frame;
  } catch {
    return undefined;
  }
}
