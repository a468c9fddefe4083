/** The stores of a place without a server: all that an export reads and an import writes. */
import type { Blobs } from "@damso/core/ports/blobs";
import type { RawRow, Records, Scans } from "@damso/core/ports/rows";
import type { Bounds } from "@damso/core/shard/checkpoint";
import type { TableName } from "@damso/core/tables";

export type PortableRow = RawRow & { table: TableName };

export type MediaStore = Pick<Blobs, "put" | "get" | "close"> & {
  list(): AsyncIterable<string[]>;
};

export type Stores = Scans & {
  /** For people: which place this is. */
  name: string;
  records: Records;
  media: MediaStore;
  /**
   * Rejects with a sentence when the place has something that is not in its tables yet, or nothing at all. The answer is
   * another one when somebody has been at work since.
   */
  assertDrained(): Promise<string>;
  bounds(): Promise<Bounds>;
  /** Keeps servers out until the import is over. Rejects when something is there already. */
  begin(): Promise<void>;
  put(rows: readonly PortableRow[]): Promise<void>;
  /** All rows are there: what belongs to this place is made, and servers may come. */
  finish(bounds: Bounds): Promise<void>;
  close(): Promise<void>;
};

/** A sentence for the operator. */
export const REFUSED = "refused";

export function refused(message: string): Error & { code: typeof REFUSED } {
  return Object.assign(new Error(message), { code: REFUSED } as const);
}
