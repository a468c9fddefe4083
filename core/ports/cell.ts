/** One text that the nodes of a cluster agree on: changed by who knows what it is, so that of two one is told no. */
export type Cell = {
  /** What the last change made of it; undefined before the first. */
  read(): Promise<string | undefined>;
  /** False, and nothing changed, when it is not `from` any more. Rejects when nobody can tell: then `read` can. */
  swap(from: string | undefined, to: string): Promise<boolean>;
};
