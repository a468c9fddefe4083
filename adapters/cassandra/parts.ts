/** Parts what a write has to do into statements that travel together. */

export type Piece = { partition: string; bytes: number };

/**
 * Groups of one partition each, of at most `bytes_max` together unless one piece alone is larger. The order of the
 * groups says nothing: what is written twice is told apart by its stamp.
 */
export function part<T extends Piece>(pieces: readonly T[], bytes_max: number): T[][] {
  const open = new Map<string, { group: T[]; bytes: number }>();
  const groups: T[][] = [];
  for (const piece of pieces) {
    let current = open.get(piece.partition);
    if (!current || current.bytes + piece.bytes > bytes_max) {
      current = { group: [], bytes: 0 };
      open.set(piece.partition, current);
      groups.push(current.group);
    }
    current.group.push(piece);
    current.bytes += piece.bytes;
  }
  return groups;
}
