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

/** `told` is what the server has answered; it stays wanted until the feed brings it back. */
type Mark = { wanted: Seq; told: Seq; busy: boolean };

export function reads({ call, pause, online, changed }: ReadsWorld): Reads {
  const marks = new Map<ChannelId, Mark>();

  async function pump(channel: ChannelId, mark: Mark): Promise<void> {
    if (mark.busy) return;
    mark.busy = true;
    while (online() && mark.wanted > mark.told) {
      const seq = mark.wanted;
      try {
        await call({ type: "read", channel, seq });
        mark.told = seq;
      } catch (error) {
        if (!(error instanceof DamsoError)) throw error;
        // Not a member any more, for example: there is no marker to move.
        if (!error.retry) return reached(channel, mark.wanted);
      }
      await pause(INTERVAL_MS);
    }
    mark.busy = false;
  }

  function reached(channel: ChannelId, seq: Seq): void {
    if (seq < (marks.get(channel)?.wanted ?? Infinity)) return;
    marks.delete(channel);
    changed(channel);
  }

  return {
    read: (channel, seq) => {
      const mark = marks.get(channel) ?? { wanted: 0, told: 0, busy: false };
      if (seq <= mark.wanted) return;
      marks.set(channel, mark);
      mark.wanted = seq;
      changed(channel);
      void pump(channel, mark);
    },
    wanted: (channel) => marks.get(channel)?.wanted ?? 0,
    reached,
    resume: () => {
      for (const [channel, mark] of marks) void pump(channel, mark);
    },
  };
}
