/**
 * The floor: the least work that a durable chat server of this shape can do on this machine.
 *
 * `Bun.serve` sockets, JSON, one fsynced LevelDB batch per group commit, and nothing else: no
 * validation, no authentication, no dedup read, no recovery. The real server is measured beside it,
 * by ratio, so this must stay code that a good engineer would write plainly: neither slowed down
 * nor bent towards the benchmark.
 *
 * Run: `bun bench/floor/server.ts --port 0 --data <dir>`; a token is simply a user id.
 */
import { parseArgs } from "node:util";
import type { ServerWebSocket } from "bun";
import { ClassicLevel } from "classic-level";
import { openCommits, type Put } from "./commits.ts";
import { flushTold, tell, userOf, type Attached, type User } from "./users.ts";

interface Channel {
  readonly id: string;
  readonly members: readonly User[];
  seq: number;
}

type Frame =
  | { type: "hello"; id: number; token: string }
  | { type: "ping" }
  | { type: "send"; id: number; channel: string; client_id: string; body: string };

const { values: flags } = parseArgs({
  options: { port: { type: "string", default: "0" }, data: { type: "string" } },
});
if (flags.data === undefined) throw new Error("--data <dir> is needed");

const channels = new Map<string, Channel>();
const db = new ClassicLevel<string, string>(flags.data);
await db.open();
const commit = openCommits(db, flushTold);
let lastId = 0n;

const server = Bun.serve<Attached>({
  hostname: "127.0.0.1",
  port: Number(flags.port),
  fetch: answer,
  websocket: {
    message(socket, text) {
      const frame = JSON.parse(text as string) as Frame;
      if (frame.type === "hello") greet(socket, frame.id, frame.token);
      else if (frame.type === "send" && socket.data.user) accept(socket.data.user, frame);
    },
    close(socket) {
      if (socket.data.user?.socket === socket) socket.data.user.socket = undefined;
    },
  },
});
process.on("SIGTERM", () => void stop());
console.log(`floor listening on ${server.url.href}`);

/** HTTP: readiness, the socket's upgrade, and the creation of a group. */
async function answer(request: Request): Promise<Response | undefined> {
  const path = new URL(request.url).pathname;
  if (path === "/v1/socket" && server.upgrade(request, { data: { user: undefined } })) {
    return undefined;
  }
  if (path === "/readyz") return new Response("ready");
  if (path === "/v1/channels" && request.method === "POST") {
    const creator = request.headers.get("authorization")?.slice("Bearer ".length) ?? "";
    const { members } = (await request.json()) as { members: string[] };
    const channel = openChannel(`g${nextId()}`, [creator, ...members]);
    return Response.json({ id: channel.id }, { status: 201 });
  }
  return new Response("not found", { status: 404 });
}

function greet(socket: ServerWebSocket<Attached>, id: number, token: string): void {
  const user = userOf(token);
  user.socket = socket;
  socket.data.user = user;
  const feed = { id: "floor", head: user.pos };
  socket.send(JSON.stringify({ type: "welcome", id, user_id: user.id, feed, events: [] }));
}

/** Numbers one send, puts its rows on the pile, and tells everyone once they are on the disk. */
function accept(sender: User, frame: Frame & { type: "send" }): void {
  const channel = channels.get(frame.channel) ?? openDirect(frame.channel);
  const seq = ++channel.seq;
  const message_id = nextId();
  const created_at = new Date().toISOString();
  const message = JSON.stringify({
    message_id,
    channel: channel.id,
    seq,
    kind: "text",
    sender_id: sender.id,
    client_id: frame.client_id,
    body: frame.body,
    created_at,
    rev: 1,
    body_rev: 1,
  });
  const reference = JSON.stringify({ kind: "message", channel: channel.id, seq });
  const puts: Put[] = [
    put(`m/${channel.id}/${digits(seq)}`, message),
    put(`s/${channel.id}/${sender.id}/${frame.client_id}`, String(seq)),
  ];
  const positions = channel.members.map((member) => ++member.pos);
  channel.members.forEach((member, at) =>
    puts.push(put(`f/${member.id}/${digits(positions[at]!)}`, reference)),
  );
  commit(puts, () => {
    const { id, client_id } = frame;
    const sent = { type: "sent", id, channel: channel.id, client_id, seq, message_id, created_at };
    tell(sender, JSON.stringify(sent));
    const rest = `,"channel":"${channel.id}","message":${message},"unread":0,"unread_mentions":0}`;
    channel.members.forEach((member, at) =>
      tell(member, `{"type":"message","pos":${positions[at]!}${rest}`),
    );
  });
}

function openDirect(id: string): Channel {
  return openChannel(id, id.slice(1).split("."));
}

function openChannel(id: string, members: string[]): Channel {
  const channel = { id, members: members.map(userOf), seq: 0 };
  channels.set(id, channel);
  return channel;
}

/** A Snowflake from the project's epoch (2015), as a decimal string. */
function nextId(): string {
  const now = BigInt(Date.now() - 1_420_070_400_000) << 22n;
  lastId = now > lastId ? now : lastId + 1n;
  return lastId.toString();
}

function put(key: string, value: string): Put {
  return { type: "put", key, value };
}

/** Decimal numbers of one width, so that keys sort in numeric order. */
function digits(number: number): string {
  return String(number).padStart(12, "0");
}

async function stop(): Promise<void> {
  await server.stop(true);
  await db.close();
  process.exit(0);
}
