/** What a process has to say at the end: its devices, and the texts that they point into. */
import type { Channel, ChannelId, Message, Seq, UserId } from "@damso/protocol";
import type { DeviceKind, DeviceRecord, Edit, Entry, Send, SyncPage } from "../check/evidence.ts";
import type { Device, Sending } from "./device.ts";
import type { Texts } from "./notes.ts";

export type DeviceReport = {
  name: string;
  kind: DeviceKind;
  user_id: UserId;
  start: number;
  pos: number;
  /** Indexes into `texts`, as everything that many devices have alike. */
  seen: number[];
  entries: number[];
  messages: [ChannelId, number[]][];
  pages: SyncPage[];
  applied: [ChannelId, Seq[]][];
  whispers: ChannelId[];
  channels: Channel[];
  bodies: DeviceRecord["bodies"];
  sends: Send[];
  edits: Edit[];
};

export type HouseReport = { texts: readonly string[]; devices: DeviceReport[] };

/** The devices have been stopped: their stores do not change any more. */
export function report(devices: readonly Device[], texts: Texts): HouseReport {
  const reports = devices.map((device) => reportOf(device, texts));
  return { texts: texts.all, devices: reports };
}

function reportOf(device: Device, { index }: Texts): DeviceReport {
  const { name, kind, session, notes, tables, applied, bodies, edits } = device;
  return {
    name,
    kind,
    user_id: session.user_id,
    start: notes.start ?? 0,
    pos: tables.cursor?.pos ?? 0,
    seen: [...notes.seen],
    entries: [...notes.entries],
    messages: [...tables.messages].map(([channel, rows]) => [
      channel,
      [...rows.values()]
        .toSorted((a, b) => a.seq - b.seq)
        .map((message) => index(JSON.stringify(message))),
    ]),
    pages: notes.pages,
    applied: [...applied],
    whispers: [...notes.whispers],
    channels: [...tables.channels.values()].map(({ channel }) => channel),
    bodies,
    sends: device.sends.map((send) => sendOf(device, send)),
    edits,
  };
}

function sendOf({ notes, own }: Device, sending: Sending): Send {
  const { client_id, refused } = sending;
  const transmitted = notes.transmitted.get(client_id) ?? 0;
  const answers = notes.answers.get(client_id) ?? [];
  const sent = sending.sent ?? own.get(client_id);
  return { ...sending, transmitted, answers, ...(sent && !refused && { sent }) };
}

/** Turns a report back into what the checks look at; equal texts become one object. */
export function records({ texts, devices }: HouseReport): DeviceRecord[] {
  const values = texts.map((text): unknown => JSON.parse(text));
  const at = <T>(indexes: readonly number[]): T[] => indexes.map((i) => values[i] as T);
  return devices.map(({ sends: _sends, edits: _edits, ...device }) => {
    const messages = new Map(device.messages.map(([id, rows]) => [id, at<Message>(rows)]));
    const held = [...messages.values()].flat();
    return {
      ...device,
      entries: at<Entry>(device.entries).toSorted((a, b) => a.pos - b.pos),
      messages,
      seen: [...at<Message>(device.seen), ...held, ...lastOfAll(device.channels)],
      applied: new Map(device.applied),
    };
  });
}

function lastOfAll(channels: readonly Channel[]): Message[] {
  return channels.flatMap(({ last }) => (last === undefined ? [] : [last]));
}
