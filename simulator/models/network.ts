/**
 * Links between hosts. A stream is like TCP: in order, whole, late when packets are lost, silent when the way is cut, and
 * it may break. A datagram is a message on the bus: it may be lost, doubled and overtaken.
 */
import type { Host } from "../kernel/host.ts";
import type { Random } from "../kernel/random.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import type { Tally } from "../kernel/tally.ts";

/** What the weather is like on a link; set and cleared by the nemesis. */
export type Weather = {
  delay_ms: number;
  /** Of packets: what is lost on a stream is late, what is lost on the bus is gone. */
  loss: number;
  doubling: number;
  overtaking: number;
};

export const CALM: Weather = { delay_ms: 1, loss: 0, doubling: 0, overtaking: 0 };

const NOWHERE: ReadonlyMap<string, Weather> = new Map();

function worse(a: Weather, b: Weather | undefined): Weather {
  if (!b) return a;
  return {
    delay_ms: Math.max(a.delay_ms, b.delay_ms),
    loss: Math.max(a.loss, b.loss),
    doubling: Math.max(a.doubling, b.doubling),
    overtaking: Math.max(a.overtaking, b.overtaking),
  };
}

export type Network = {
  /** Everywhere. */
  weather: Weather;
  /** On every link of these places, where it is worse than everywhere. */
  local: ReadonlyMap<string, Weather>;
  /** On the way from one place to another. */
  between(from: string, to: string): Weather;
  /**
   * Nothing gets from one place to the other until the answer is called, by every cut of this way; places are machines,
   * whatever programs run on them.
   */
  cut(from: string, to: string): () => void;
  /** Ends all cuts. */
  heal(): void;
  isCut(from: string, to: string): boolean;
  /** How long the next packet takes. */
  latency(from: string, to: string): number;
  /** Carries one message of the bus to a host; what becomes of it the sender does not learn. */
  datagram(from: Host, to: Host, label: string, arrive: () => void): void;
};

/** Where a program runs: its name up to the life number, `n1#3` on `n1`. */
export const placeOf = (host: Host): string => host.place;

/** Calm and whole. */
export function createNetwork(scheduler: Scheduler, random: Random, tally: Tally): Network {
  /** How often each way is cut. */
  const cuts = new Map<string, number>();
  /** When the last message of each sender to each receiver arrives: the next one comes behind it. */
  const lasts = new Map<string, number>();
  const network: Network = {
    weather: CALM,
    local: NOWHERE,
    between(from, to) {
      const { weather, local } = network;
      if (local.size === 0) return weather;
      return worse(worse(weather, local.get(from)), local.get(to));
    },
    cut(from, to) {
      const way = `${from}>${to}`;
      cuts.set(way, (cuts.get(way) ?? 0) + 1);
      return () => void cuts.set(way, Math.max(0, (cuts.get(way) ?? 0) - 1));
    },
    heal: () => cuts.clear(),
    isCut: (from, to) => (cuts.get(`${from}>${to}`) ?? 0) > 0,
    latency: (from, to) => 0.1 + random.exponential(network.between(from, to).delay_ms),
    datagram(from, to, label, arrive) {
      const weather = network.between(placeOf(from), placeOf(to));
      if (network.isCut(placeOf(from), placeOf(to))) return tally.fault("bus message cut off");
      if (weather.loss > 0 && random.chance(weather.loss)) return tally.fault("bus message lost");
      deliver(from, to, label, arrive);
      if (weather.doubling > 0 && random.chance(weather.doubling)) {
        tally.fault("bus message doubled");
        deliver(from, to, label, arrive);
      }
    },
  };

  function deliver(from: Host, to: Host, label: string, arrive: () => void): void {
    const [here, there] = [placeOf(from), placeOf(to)];
    const { overtaking } = network.between(here, there);
    if (overtaking > 0 && random.chance(overtaking)) {
      tally.fault("bus message overtaken");
      scheduler.after(network.latency(here, there) + random.int(5, 400), label, to, arrive);
      return;
    }
    const way = `${from.name}>${to.name}`;
    const at = Math.max(scheduler.now() + network.latency(here, there), lasts.get(way) ?? 0);
    lasts.set(way, at);
    scheduler.after(at - scheduler.now(), label, to, arrive);
  }
  return network;
}
