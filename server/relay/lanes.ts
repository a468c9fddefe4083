/** Work for one user at a time, in the order in which it was asked for; users side by side. */
import type { UserId } from "@damso/protocol/ids";

export type Lanes = {
  run<T>(user_id: UserId, work: () => Promise<T>): Promise<T>;
  isBusy(user_id: UserId): boolean;
  /** Resolves when the work that was asked for has ended. */
  end(): Promise<void>;
};

export function createLanes(): Lanes {
  /** The end of each lane; never rejects. */
  const tails = new Map<UserId, Promise<void>>();
  return {
    run(user_id, work) {
      const done = (tails.get(user_id) ?? Promise.resolve()).then(work);
      const leave = (): void => {
        if (tails.get(user_id) === tail) tails.delete(user_id);
      };
      const tail = done.then(leave, leave);
      tails.set(user_id, tail);
      return done;
    },
    isBusy: (user_id) => tails.has(user_id),
    end: async () => void (await Promise.all(tails.values())),
  };
}
