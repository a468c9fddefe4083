/** What tabs of one browser share: locks that end with their tab, and a channel that all of them hear. */

export type Bus = {
  /** To all other tabs, in order. */
  post: (message: object) => void;
  close: () => void;
};

export type Locks = {
  /**
   * Runs `hold` as soon as the lock of this name is free, and holds it until the answer resolves. `now`: with false
   * when it is not free at once. `steal`: takes it from whoever has it. Rejects when it was stolen.
   */
  request: (
    name: string,
    how: "wait" | "now" | "steal",
    hold: (got: boolean) => Promise<void>,
  ) => Promise<void>;
  /** The names of all locks that somebody holds. */
  held: () => Promise<string[]>;
};

export type Tabs = {
  locks: Locks;
  openBus: (name: string, heard: (message: unknown) => void) => Bus;
};
