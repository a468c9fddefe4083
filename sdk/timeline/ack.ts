/** Tells the server how far this device has stored its feed: at most once a second, or every 50 events (R5, P23). */
import type { Pos } from "@damso/protocol";

const INTERVAL_MS = 1000;
const EVENTS = 50;

export type Ack = {
  /** The store has everything up to `pos`. */
  stored: (pos: Pos) => void;
};

export type AckWorld = {
  /** False when it could not be sent. */
  send: (pos: Pos) => boolean;
  pause: (ms: number) => Promise<void>;
};

export function ack({ send, pause }: AckWorld): Ack {
  let acked = 0;
  let stored = 0;
  let waiting = false;

  const flush = (): void => {
    if (stored !== acked && send(stored)) acked = stored;
  };
  return {
    stored: (pos) => {
      stored = pos;
      if (Math.abs(stored - acked) >= EVENTS) flush();
      if (waiting || stored === acked) return;
      waiting = true;
      void pause(INTERVAL_MS).then(() => {
        waiting = false;
        flush();
      });
    },
  };
}
