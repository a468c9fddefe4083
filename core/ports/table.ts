/**
 * The table of a cluster: where committed rows end up for ever, shared by all shards. It knows no order of writers, so
 * every write carries a stamp and the highest stamp of a row wins, whenever it arrives. Rule S14.
 */
import type { Put } from "../tables.ts";
import type { Signal } from "./signal.ts";
import type { Reads } from "./store.ts";

/** `stamp` is a whole number below 2^53: epoch · 2^40 + sequence in the log. */
export type Stamped = { put: Put; stamp: number };

export type Table = Reads & {
  /**
   * Writes rows and deletions of one partition. Done again or late it changes nothing: a row keeps its highest stamp, and
   * of two writes with one stamp a deletion wins, else the greater text. Rejects when it may be there in part.
   */
  write(rows: readonly Stamped[], signal?: Signal): Promise<void>;
};
