/** Devices in a world with a fake server, and the question whether one has converged. */
import type { ChannelId, UserId } from "@damso/protocol";
import type { Client } from "../api.ts";
import { createClient } from "../client/client.ts";
import type { ClientOptions } from "../client/options.ts";
import type { Environment } from "../environment.ts";
import { logIn } from "../session/session.ts";
import type { Session } from "../session/session.ts";
import type { MemoryTables } from "../store/memory.ts";
import { headPos, seen, summary, userOf } from "./fake-tables.ts";
import type { FakeServer } from "./fake-server.ts";
import { environmentOf } from "./world.ts";
import type { World } from "./world.ts";

export type Device = {
  client: Client;
  session: Session;
  environment: Environment;
  /** What the device has stored. */
  disk: () => MemoryTables;
  /** Says whether the platform has a network. */
  setNetwork: (online: boolean) => void;
  /** The same device after a crash: nothing but its store survives. */
  restart: () => Device;
};

export async function device(
  from: World,
  server: FakeServer,
  user: UserId,
  options: Partial<ClientOptions> = {},
): Promise<Device> {
  const account = { server: "http://fake", username: user, password: "" };
  const signing = logIn(account, { fetch: server.fetch, now: from.now });
  let session: Session | undefined;
  void signing.then((made) => (session = made));
  await from.until(() => session !== undefined);
  return run(from, server, await signing, options);
}

function run(
  from: World,
  server: FakeServer,
  session: Session,
  options: Partial<ClientOptions>,
): Device {
  let setNetwork: (online: boolean) => void = () => {};
  let latest = session;
  const environment = environmentOf(from, {
    openSocket: server.openSocket,
    fetch: server.fetch,
    watchNetwork: (changed) => {
      setNetwork = changed;
      return () => {};
    },
  });
  const client = createClient({ session, environment, ...options });
  client.on("session", (renewed) => (latest = renewed));
  const name = `damso http://fake ${session.user_id} ${session.device_id}`;
  return {
    client,
    session,
    environment,
    disk: () => {
      const tables = from.disks.get(name);
      if (tables === undefined) throw new Error("nothing stored yet");
      return tables;
    },
    setNetwork: (online) => setNetwork(online),
    restart: () => {
      void client.stop();
      return run(from, server, latest, options);
    },
  };
}

/** Starts and runs the world until the device is online. */
export async function started(from: World, one: Device): Promise<Device> {
  one.client.start().catch(() => {});
  await from.until(() => one.client.state().name === "online");
  return one;
}

/** Why this device does not show what the server has, or undefined when it does. */
export function difference(server: FakeServer, one: Device): string | undefined {
  const { tables } = server;
  const user = userOf(tables, one.client.user_id);
  const disk = one.disk();
  if (disk.cursor?.pos !== headPos(user)) return `pos ${disk.cursor?.pos} of ${headPos(user)}`;
  if (disk.cursor.partial === true) return "the list is not loaded";
  const ids = one.client.channels().map(({ id }) => id);
  if (ids.length !== user.own.size) return `${ids.length} channels of ${user.own.size}`;
  return ids.map((id) => channelDifference(server, one, id)).find((found) => found !== undefined);
}

function channelDifference(server: FakeServer, one: Device, id: ChannelId): string | undefined {
  const user = userOf(server.tables, one.client.user_id);
  const channel = server.tables.channels.get(id);
  const record = one.disk().channels.get(id);
  if (channel === undefined || record === undefined) return `${id} is not there`;
  if (one.client.pending(id).some(({ state }) => state !== "failed"))
    return `${id} has messages on their way`;
  const { pos: _pos, ...wanted } = summary(user, channel);
  const { pos: _, ...has } = record.channel;
  const fields = Object.keys({ ...wanted, ...has }) as (keyof typeof wanted)[];
  const field = fields.find((name) => !same(wanted[name], has[name]));
  if (field !== undefined) return `${id} ${field}: ${json(has[field])}, not ${json(wanted[field])}`;
  const rows = one.disk().messages.get(id) ?? new Map();
  for (const [from, to] of record.ranges) {
    for (let seq = from; seq <= to; seq++) {
      const message = seen(user, channel, seq);
      const stored: unknown = rows.get(seq);
      if (!same(stored, message)) return `${id} ${seq}: ${json(stored)}, not ${json(message)}`;
    }
  }
  return windowDifference(server, one, id);
}

/** What a view shows has no hole, nothing that is gone, and where it ends at the end, all of the end. */
function windowDifference(server: FakeServer, one: Device, id: ChannelId): string | undefined {
  const user = userOf(server.tables, one.client.user_id);
  const channel = server.tables.channels.get(id);
  const { messages, more_after } = one.client.messages(id);
  const [first] = messages;
  if (channel === undefined || first === undefined) return undefined;
  const last = more_after ? (messages.at(-1)?.seq ?? 0) : channel.messages.length;
  const wanted = channel.messages
    .slice(first.seq - 1, last)
    .filter((m) => seen(user, channel, m.seq) !== undefined);
  const isSame = json(messages.map(sorted)) === json(wanted.map(sorted));
  return isSame ? undefined : `${id} shows ${json(messages)}, not ${json(wanted)}`;
}

function json(value: unknown): string {
  return JSON.stringify(value) ?? "nothing";
}

function same(a: unknown, b: unknown): boolean {
  return json(sorted(a)) === json(sorted(b));
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
