/** Words on a topic that all nodes hear. A hint, as everything on the bus is: who misses one has another way. Rule D20. */
import type { Bus } from "./ports/bus.ts";

export function tellWord(bus: Pick<Bus, "publish">, topic: string, word: unknown): void {
  bus.publish(topic, { frame: JSON.stringify(word) });
}

/**
 * The answer ends it. What is no JSON, or what `read` answers undefined to or throws on, is passed over.
 * @param read whoever publishes may be of another version: it believes nothing
 */
export function hearWords<T>(
  bus: Pick<Bus, "subscribe">,
  topic: string,
  read: (word: unknown) => T | undefined,
  heard: (word: T) => void,
): () => void {
  return bus.subscribe(topic, ({ frame }) => {
    const word = tryTo(() => read(JSON.parse(frame)));
    if (word !== undefined) heard(word);
  });
}

function tryTo<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
