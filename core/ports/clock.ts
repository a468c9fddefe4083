/** Time and chance as arguments: the same code runs under the real ones and under a simulator's. */
export type Clock = {
  /** Milliseconds since 1970, may step back. */
  now(): number;
};

export type Random = {
  /** Uniform in [0, 1). */
  next(): number;
};
