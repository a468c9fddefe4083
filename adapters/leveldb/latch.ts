/** After one failure everything fails, until it was put right. Rule S4. */
export type Latch = {
  run<T>(work: () => Promise<T>): Promise<T>;
  reset(): void;
};

export function createLatch(): Latch {
  let failed: { error: unknown } | undefined;
  return {
    async run(work) {
      if (failed) throw new Error("an earlier commit failed", { cause: failed.error });
      try {
        return await work();
      } catch (error) {
        failed ??= { error };
        throw error;
      }
    },
    reset() {
      failed = undefined;
    },
  };
}
