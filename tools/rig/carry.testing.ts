/** A place with people, and what has to be the same of it after it was carried elsewhere. */
import { join } from "node:path";
import type { ChannelId, ClientId } from "@damso/protocol/ids";
import { bustleUntil, createBustle } from "./bustle.testing.ts";
import type { Bustle } from "./bustle.testing.ts";
import { createFollower, followSocket, reload, stop } from "./follower.testing.ts";
import type { Follower } from "./follower.testing.ts";
import { insist, succeed } from "./http.testing.ts";
import { createGroup, logIn, signUp, signUpPool } from "./people.testing.ts";
import type { Session } from "./people.testing.ts";
import type { Random } from "./random.testing.ts";
import { newClientId } from "./random.testing.ts";
import { differences, snapshot, unreadFaults } from "./replica.testing.ts";
import { readHistory } from "./truth.testing.ts";
import { until } from "./until.ts";

export type Sent = {
  channel: ChannelId;
  sender: Session;
  client_id: ClientId;
  body: string;
  seq: number;
};

export type People = {
  users: Session[];
  bustle: Bustle;
  /** Of which every first answer is known. */
  sent: Sent[];
  quiet: ChannelId;
  /** A device that follows, is away while its server is carried elsewhere, and comes back. */
  device: Follower;
};

const root = join(import.meta.dir, "../..");

/** Everything that people do, some hundred times. */
export async function populate(origin: string, random: Random, messages = 300): Promise<People> {
  const hero = await signUp(origin, "hero");
  const others = await signUpPool(origin, 4, "carried");
  const bustle = await createBustle(origin, random, hero, others);
  const quiet = await createGroup(origin, [hero, ...others], { name: "Quiet" });
  const device = createFollower(origin, await logIn(origin, hero), "a device that was away");
  const following = followSocket(device);
  await bustleUntil(bustle, () => bustle.messages > messages);
  const people: People = { users: [hero, ...others], bustle, sent: [], quiet, device };
  for (let at = 0; at < 10; at++)
    await sendOne(people, origin, `한 번만 ${at} ${"긴 글 ".repeat(at * 300)}`);
  await succeed(origin, "PUT", `/v1/contacts/${others[0]?.user_id}`, { token: hero.access_token });
  await atHead(people, origin);
  await stop(device);
  await following;
  return people;
}

async function atHead({ device, users }: People, origin: string): Promise<void> {
  const token = users[0]?.access_token ?? "";
  type Page = { feed: { head: number } };
  const isThere = async (): Promise<boolean> => {
    const { feed } = await succeed<Page>(origin, "GET", "/v1/feed", { token });
    return device.replica.pos >= feed.head;
  };
  await until(isThere, "the device to be at its head", 30_000);
}

export async function sendOne(people: People, origin: string, body: string): Promise<void> {
  const sender = people.users[people.sent.length % people.users.length] as Session;
  const client_id = newClientId();
  const note = { channel: people.quiet, sender, client_id, body };
  people.sent.push({ ...note, seq: await send(origin, note) });
}

/** Asks until it is answered: a cluster may have no owner for a moment. */
async function send(origin: string, note: Omit<Sent, "seq">): Promise<number> {
  const { channel, sender, client_id, body } = note;
  const path = `/v1/channels/${channel}/messages`;
  const options = { token: sender.access_token, body: { client_id, body } };
  return (await insist<{ seq: number }>(origin, "POST", path, options)).seq;
}

/** Sends again whatever was sent once; what was answered otherwise than the first time is a fault. */
export async function sendAgain({ sent }: People, origin: string): Promise<string[]> {
  const faults: string[] = [];
  for (const note of sent) {
    const seq = await send(origin, note);
    if (seq !== note.seq) faults.push(`[I4] ${note.client_id} was ${note.seq}, and is ${seq}`);
  }
  return faults;
}

export type Photo = { states: Record<string, unknown>[]; history: unknown };

/** All that each user sees. Only of a place where nobody does anything. */
export async function photograph(people: People, origin: string): Promise<Photo> {
  const states: Record<string, unknown>[] = [];
  for (const user of people.users) {
    const reader = createFollower(origin, user, user.username);
    await until(() => reload(reader).then(() => true, retryLater), "the server to answer", 30_000);
    states.push({ ...snapshot(reader.replica), unread: unreadFaults(reader.replica) });
  }
  const history = await readHistory(origin, people.users[0] as Session, people.quiet);
  return { states, history };
}

function retryLater(error: unknown): boolean {
  if (/: 503 /.test(String(error))) return false;
  throw error;
}

export function faultsBetween(before: Photo, after: Photo): string[] {
  const states = before.states.flatMap((state, at) =>
    differences(state, after.states[at], `user ${at}`),
  );
  return [...states, ...differences(before.history, after.history, "history")];
}

/** The device comes back on its old position, and is held against what a new one sees. */
export async function deviceFaults(people: People, origin: string): Promise<string[]> {
  const { device, users } = people;
  device.origin = origin;
  device.stopped = false;
  const following = followSocket(device);
  await sendOne(people, origin, "behind the move");
  await atHead(people, origin);
  await stop(device);
  await following;
  const reader = createFollower(origin, users[0] as Session, "new");
  await reload(reader);
  return [
    ...device.replica.faults,
    ...differences(snapshot(reader.replica), snapshot(device.replica), "the device"),
  ];
}

export type Ran = { code: number | null; output: string };

/** One command of the program, to its end. */
export async function runCommand(
  command: readonly string[],
  flags: Record<string, string>,
): Promise<Ran> {
  const options = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
  const child = Bun.spawn(
    [process.execPath, join(root, "server/main.ts"), ...command, ...options],
    {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const [out, errors] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  await child.exited;
  return { code: child.exitCode, output: out + errors };
}
