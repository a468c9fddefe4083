/** What a device does to messages beside sending them: now and then, after an answer. */
import type { SendNote } from "./journal.testing.ts";
import type { Frame, RigSocket } from "./socket.testing.ts";
import type { Writer } from "./writer.testing.ts";

export async function act(writer: Writer, socket: RigSocket, note: SendNote): Promise<void> {
  const { random, changes } = writer;
  if (!random.chance(changes)) return;
  if (random.chance(0.1)) await edit(writer, socket, note);
  if (random.chance(0.05)) await remove(writer, socket, note);
  if (random.chance(0.1)) await react(writer, socket, note);
  if (random.chance(0.1)) await read(writer, socket, note);
}

async function edit(writer: Writer, socket: RigSocket, note: SendNote): Promise<void> {
  const { channel, place } = note;
  const body = `${note.body} edited ${writer.random.int(1, 1_000_000)}`;
  const reply = await socket.request({ type: "edit", channel, seq: place?.seq, body });
  noteChange(writer, note, reply, body);
}

async function remove(writer: Writer, socket: RigSocket, note: SendNote): Promise<void> {
  const { channel, place } = note;
  const reply = await socket.request({ type: "delete", channel, seq: place?.seq, for: "all" });
  noteChange(writer, note, reply, undefined);
}

function noteChange(writer: Writer, note: SendNote, reply: Frame, body: string | undefined): void {
  const { rev } = reply as { rev?: number };
  if (reply.type !== "ok" || rev === undefined || !note.place) return;
  const change = { channel: note.channel, seq: note.place.seq, rev };
  writer.journal.changes.push(body === undefined ? change : { ...change, body });
}

/** To any message that this device has seen. */
async function react(writer: Writer, socket: RigSocket, { channel }: SendNote): Promise<void> {
  const seq = writer.random.int(1, writer.seen.get(channel) ?? 1);
  const on = writer.random.chance(0.7);
  await socket.request({
    type: "react",
    channel,
    seq,
    emoji: writer.random.pick(["👍", "🌱"]),
    on,
  });
}

async function read(writer: Writer, socket: RigSocket, { channel }: SendNote): Promise<void> {
  const seq = writer.seen.get(channel);
  if (seq === undefined) return;
  const reply = await socket.request({ type: "read", channel, seq });
  if (reply.type !== "ok") return;
  const key = `${writer.session.user_id} ${channel}`;
  writer.journal.reads.set(key, Math.max(writer.journal.reads.get(key) ?? 0, seq));
}
