/**
 * The word of who answers for a shard. A new owner's homes know of no device and of nobody who watches presence before the
 * gateways have said so, and a gateway that knows of the new owner says it at once.
 */
import type { Bus } from "../ports/bus.ts";
import { hearWords, tellWord } from "../words.ts";

const TOPIC = "owners";
/** A Snowflake has ten bits for the shard. */
const SHARDS_MAX = 1024;

/** `shards`: how many there are in the cluster. `tenure`: another one when the shard was opened anew, by whomever. */
export type Owned = { shard: number; shards: number; tenure: string };

/** Said again every few seconds. */
export function tellOwned(bus: Pick<Bus, "publish">, owned: Owned): void {
  tellWord(bus, TOPIC, owned);
}

/** Of each shard whose tenure is another than the last that was heard, also of the first. The answer ends it. */
export function onMoved(bus: Pick<Bus, "subscribe">, moved: (owned: Owned) => void): () => void {
  const known = new Map<number, string>();
  return hearWords(bus, TOPIC, read, (owned) => {
    if (known.get(owned.shard) === owned.tenure) return;
    known.set(owned.shard, owned.tenure);
    moved(owned);
  });
}

function read(word: unknown): Owned | undefined {
  const { shard, shards, tenure } = word as Owned;
  const isWhole = Number.isInteger(shard) && Number.isInteger(shards);
  const isPlace = isWhole && shard >= 0 && shard < shards && shards <= SHARDS_MAX;
  return isPlace && typeof tenure === "string" ? { shard, shards, tenure } : undefined;
}
