/**
 * Commands of one key run in arrival order. A command that has all it needs in memory runs at once; one that must
 * load first opens a lane, and whatever comes for the same key waits behind it. Rule D2.
 */
export type Lanes<K> = {
  busy(key: K): boolean;
  /** Runs `task` after all earlier tasks of the key. The task ends when it has decided, not when that is durable. */
  enter(key: K, task: () => Promise<void>): void;
  /** Tasks waiting or running, of all keys. */
  size(): number;
};

const COMPACT_AT = 256;

export function createLanes<K>(): Lanes<K> {
  const lanes = new Map<K, (() => Promise<void>)[]>();
  let size = 0;

  async function drain(key: K, tasks: (() => Promise<void>)[]): Promise<void> {
    for (let at = 0; at < tasks.length; at++) {
      await (tasks[at] as () => Promise<void>)();
      size--;
      // A lane that never empties must not keep what has run.
      if (at < COMPACT_AT) continue;
      tasks.splice(0, at + 1);
      at = -1;
    }
    lanes.delete(key);
  }

  return {
    busy: (key) => lanes.has(key),
    enter(key, task) {
      size++;
      const lane = lanes.get(key);
      if (lane) {
        lane.push(task);
        return;
      }
      const tasks = [task];
      lanes.set(key, tasks);
      void drain(key, tasks);
    },
    size: () => size,
  };
}
