/** The SDK's topics as signals: whatever is computed after `follow` is computed anew when the topic changes. */
import type { Client, Topic } from "@damso/sdk";
import type { Signal } from "@preact/signals";
import { signal } from "@preact/signals";

export type Live = {
  follow: (topic: Topic) => void;
  stop: () => void;
};

export function createLive(client: Pick<Client, "subscribe">): Live {
  const versions = new Map<Topic, Signal<number>>();
  const version = (topic: Topic): Signal<number> => {
    const known = versions.get(topic) ?? signal(0);
    versions.set(topic, known);
    return known;
  };
  const stop = client.subscribe((topic) => {
    const changed = versions.get(topic);
    if (changed) changed.value += 1;
  });
  return { follow: (topic) => void version(topic).value, stop };
}
