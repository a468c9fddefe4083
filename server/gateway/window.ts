/** Counts of the last few seconds, for what is tolerated once and not for ever. */
import { WINDOW_MS } from "./bounds.ts";
import type { Connection, Hub } from "./types.ts";

/** Starts counting anew when the window is over. */
export function turnWindow(hub: Hub, connection: Connection): void {
  if (hub.time - connection.window_since < WINDOW_MS) return;
  connection.window_since = hub.time;
  connection.errors = 0;
  connection.rate_refusals = 0;
  connection.frames = 0;
}
