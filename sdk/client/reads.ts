/** Read markers on their way to the server: the newest per channel, one request at a time. Rule D13. */
import type { ChannelId, Seq } from "@damso/protocol";
import type { Requests } from "../connection/requests.ts";
import { DamsoError } from "../errors.ts";

/** A marker that follows scrolling is told at most this often. */
const INTERVAL_MS = 300;

export type Reads = {
  read: (channel: ChannelId, seq: Seq) => void;
  /** The marker as this device wants it, 0 when the server has it. */
  wanted: (channel: ChannelId) => Seq;
  /** The server's marker has reached `seq`. */
  reached: (channel: ChannelId, seq: Seq) => void;
  resume: () => void;
};

export type ReadsWorld = {
  call: Requests["call"];
  pause: (ms: number) => Promise<void>;
  online: () => boolean;
  changed: (channel: ChannelId) => void;
};

export function reads({ call, pause, online, changed }: ReadsWorld): Reads {
  const wanted = new Map<ChannelId, Seq>();
  const busy = new Set<ChannelId>();
  /** Answered, on its way back through the feed. */
  const told = new Map<ChannelId, Seq>();

  async function pump(channel: ChannelId): Promise<void> {
    if (busy.has(channel)) return;
    busy.add(channel);
    for (let seq = due(channel); seq > 0; seq = due(channel)) {
      await tell(channel, seq);
      await pause(INTERVAL_MS);
    }
    busy.delete(channel);
  }

  function due(channel: ChannelId): Seq {
    const seq = wanted.get(channel) ?? 0;
    return online() && seq > (told.get(channel) ?? 0) ? seq : 0;
  }

  async function tell(channel: ChannelId, seq: Seq): Promise<void> {
    try {
      await call({ type: "read", channel, seq });
      told.set(channel, seq);
    } catch (error) {
      if (!(error instanceof DamsoError)) throw error;
      if (error.retry) return pause(error.retry_after_ms ?? INTERVAL_MS);
      // Not a member any more, for example: there is no marker to move.
      forget(channel);
    }
  }

  function forget(channel: ChannelId): void {
    told.delete(channel);
    if (wanted.delete(channel)) changed(channel);
  }

  return {
    read: (channel, seq) => {
      if (seq <= (wanted.get(channel) ?? 0)) return;
      wanted.set(channel, seq);
      changed(channel);
      void pump(channel);
    },
    wanted: (channel) => wanted.get(channel) ?? 0,
    reached: (channel, seq) => {
      if (seq >= (wanted.get(channel) ?? Infinity)) forget(channel);
    },
    resume: () => {
      for (const channel of wanted.keys()) void pump(channel);
    },
  };
}
