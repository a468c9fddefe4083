import type { Account } from "./plan.ts";
import { connectLink, type Link } from "./websocket.ts";

/** What all clients of a phase write their observations to. */
export interface Observer {
  /** Send number `id` of this client was acknowledged. */
  sent(client: Client, id: number): void;
  /** A `message` event reached this client. */
  delivered(client: Client): void;
  /** Something that makes the figures of this phase worthless. */
  problem(what: string): void;
}

/** One user's socket, past its `welcome`. The counters cover the socket's whole life. */
export interface Client {
  readonly user_id: string;
  /** Where it sends. */
  channel: string;
  /** Frames sent, `hello` included: the `id` of the last one. */
  frames: number;
  acknowledged: number;
  received: number;
  /** The feed position that it has applied; every event must carry the next one. */
  pos: number;
  /** When each unanswered send was written (ms), by `id` modulo its length. */
  readonly sentAt: Float64Array;
  readonly link: Link;
  /** We are ending it ourselves. */
  closing: boolean;
}

/** Unanswered sends per client that `sentAt` can tell apart. */
export const unansweredMax = 1024;

interface Event {
  readonly type: string;
  readonly pos?: number;
  readonly code?: string;
  readonly message?: string;
  readonly feed?: { readonly head: number };
}

/** Connects, says `hello` and waits for `welcome`; rejects on anything else. */
export async function connectClient(
  origin: string,
  account: Account,
  observer: Observer,
): Promise<Client> {
  const welcomed = Promise.withResolvers<Client>();
  let link: Link | undefined;
  let client: Client | undefined;

  // The client must exist before the next frame is read: events may follow in the same chunk.
  function welcome(event: Event): void {
    if (!link || event.type !== "welcome") {
      welcomed.reject(new Error(`hello got ${JSON.stringify(event)}`));
      return;
    }
    client = createClient(account.user_id, link, event.feed?.head ?? 0);
    welcomed.resolve(client);
  }

  link = await connectLink(new URL("/v1/socket", origin), {
    text(text, start, end) {
      if (client) take(client, observer, text, start, end);
      else welcome(JSON.parse(text.slice(start, end)) as Event);
    },
    closed(reason) {
      welcomed.reject(new Error(reason));
      if (!client?.closing) observer.problem(`socket of ${account.user_id}: ${reason}`);
    },
  });
  link.send(
    JSON.stringify({
      type: "hello",
      id: 1,
      token: account.access_token,
      client: "bench",
      active: true,
    }),
  );
  link.flush();
  return welcomed.promise;
}

function createClient(user_id: string, link: Link, head: number): Client {
  return {
    user_id,
    channel: "",
    frames: 1,
    acknowledged: 0,
    received: 0,
    pos: head,
    closing: false,
    sentAt: new Float64Array(unansweredMax),
    link,
  };
}

/** Closes the client's socket; its end is no problem then. */
export function closeClient(client: Client): void {
  client.closing = true;
  client.link.close();
}

/**
 * Handles one frame. The two frequent kinds are recognised and read in place; JSON's escaping keeps
 * the quoted names below out of every string value, so a body cannot be taken for them.
 */
function take(client: Client, observer: Observer, text: string, start: number, end: number): void {
  const type = text.indexOf('"type":"', start) + 8;
  if (text.startsWith('sent"', type)) {
    client.acknowledged += 1;
    observer.sent(client, numberAfter(text, '"id":', start));
  } else if (text.startsWith('message"', type)) {
    advance(client, observer, numberAfter(text, '"pos":', start));
    client.received += 1;
    observer.delivered(client);
  } else {
    takeRare(client, observer, JSON.parse(text.slice(start, end)) as Event);
  }
}

function takeRare(client: Client, observer: Observer, event: Event): void {
  if (event.type === "head") observer.problem("the server left a slow socket behind (head)");
  else if (event.type === "error") observer.problem(`error ${event.code}: ${event.message}`);
  else if (event.type === "bye") observer.problem("the server said bye");
  else if (event.pos !== undefined) advance(client, observer, event.pos);
}

function advance(client: Client, observer: Observer, pos: number): void {
  if (pos !== client.pos + 1) observer.problem(`pos ${pos} came after ${client.pos}`);
  client.pos = pos;
}

function numberAfter(text: string, name: string, start: number): number {
  let at = text.indexOf(name, start) + name.length;
  let value = 0;
  for (let code = text.charCodeAt(at); code >= 48 && code <= 57; code = text.charCodeAt(++at)) {
    value = value * 10 + code - 48;
  }
  return value;
}
