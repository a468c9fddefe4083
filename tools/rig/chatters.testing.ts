/** People who talk through the SDK, beside the writers on bare sockets: they find their way to a living node themselves. */
import type { ChannelId } from "@damso/protocol/ids";
import type { Message } from "@damso/protocol/schema/message";
import { createClient } from "@damso/sdk";
import type { Client, Sent } from "@damso/sdk";
import { memoryStore } from "@damso/sdk/store/memory";
import { createGroup, signUpPool } from "./people.testing.ts";
import type { Session } from "./people.testing.ts";
import { readHistory } from "./truth.testing.ts";
import { until } from "./until.ts";

type Chatter = {
  session: Session;
  client: Client;
  said: number;
  sent: (Sent & { body: string })[];
  /** One of its messages has no answer yet. */
  waits: boolean;
};
export type Chatters = { channel: ChannelId; all: Chatter[]; refused: string[] };

const PAUSE_MS = 40;

/** All of them in one group, each with another node as the server that the account lives at. */
export async function createChatters(origins: readonly string[], count = 4): Promise<Chatters> {
  const [first = ""] = origins;
  const sessions = await signUpPool(first, count, "chatter");
  const channel = await createGroup(first, sessions, { name: "Chatters" });
  const all = sessions.map((session, at): Chatter => {
    const server = origins[at % origins.length] ?? first;
    const { user_id, device_id, access_token, refresh_token } = session;
    // It is asked for a new token at once, and whenever that one ends.
    const own = { server, user_id, device_id, access_token, refresh_token, expires_at: 0 };
    const client = createClient({ session: own, store: memoryStore() });
    void client.start();
    return { session, client, said: 0, sent: [], waits: false };
  });
  return { channel, all, refused: [] };
}

/** Each says one thing after the other until it is over; resolves when all are answered. */
export async function chatter(chatters: Chatters, over: () => boolean): Promise<void> {
  await Promise.all(chatters.all.map((one) => talk(chatters, one, over)));
}

async function talk(
  { channel, refused }: Chatters,
  one: Chatter,
  over: () => boolean,
): Promise<void> {
  while (!over()) {
    const body = `${one.session.username} ${++one.said}`;
    one.waits = true;
    try {
      one.sent.push({ ...(await one.client.send(channel, body)), body });
    } catch (error) {
      refused.push(`${body}: ${String(error)}`);
    }
    one.waits = false;
    await Bun.sleep(PAUSE_MS);
  }
}

/** What is wrong with what they were told, in words; each violates the invariant that it names. */
export async function chatterFaults(chatters: Chatters, origin: string): Promise<string[]> {
  const [reader] = chatters.all;
  if (!reader) return [];
  const waiting = (): Chatter[] => chatters.all.filter(({ waits }) => waits);
  await until(() => waiting().length === 0, "the last answers", 45_000).catch(() => {});
  const open = waiting().map(
    ({ session, client, said }) =>
      `[I21] ${session.username} waits for the answer to ${said}, and is ${JSON.stringify(client.state())}`,
  );
  const history = await readHistory(origin, reader.session, chatters.channel);
  const told = chatters.all.flatMap((one) => faultsOf(one, history));
  const behind = await heads(chatters, history.length);
  return [...chatters.refused.map((what) => `[I21] refused: ${what}`), ...open, ...told, ...behind];
}

function faultsOf({ session, sent }: Chatter, history: readonly Message[]): string[] {
  const faults: string[] = [];
  let last = 0;
  for (const { seq, client_id, body } of sent) {
    const message = history[seq - 1];
    if (message?.client_id !== client_id || message.body !== body)
      faults.push(`[I1][I4] "${body}" was acknowledged as ${seq} and is not there`);
    if (seq <= last) faults.push(`[I5] "${body}" stands at ${seq}, behind ${last}`);
    last = seq;
  }
  const own = history.filter(
    ({ sender_id, kind }) => kind === "text" && sender_id === session.user_id,
  );
  const bodies = new Set(own.map(({ body }) => body));
  if (bodies.size !== own.length)
    faults.push(`[I4] ${own.length - bodies.size} messages of ${session.username} are there twice`);
  return faults;
}

async function heads({ channel, all }: Chatters, head: number): Promise<string[]> {
  const isThere = (one: Chatter): boolean => one.client.channel(channel)?.head === head;
  await until(() => all.every(isThere), "every client to be at the head", 30_000).catch(() => {});
  return all
    .filter((one) => !isThere(one))
    .map(({ session }) => `[I21] ${session.username} is not at ${head} after 30 s`);
}

export async function endChatters({ all }: Chatters): Promise<void> {
  await Promise.all(all.map(({ client }) => client.stop()));
}
