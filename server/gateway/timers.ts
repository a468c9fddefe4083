/** Timers as an argument: the platform's, or a simulator's. */
export type Timers = {
  /** Runs once after `ms`; calling the answer cancels it. */
  after(ms: number, run: () => void): () => void;
  /** Runs once at the end of the present turn, when the promises that are settled already were heard. */
  soon(run: () => void): void;
};
