/**
 * One tab among those of a device: which of them leads, and which are alive. The lock of the device makes the leader;
 * it goes to the tab that has waited longest when its holder closes, and a lock of its own says that a tab lives.
 */
import type { Bus, Tabs } from "./ports.ts";

export type Member = {
  tab: string;
  bus: Bus;
  leads: () => boolean;
  /** Resolves when it is known who leads. */
  settled: Promise<void>;
  /** Takes the lead from a leader that does not answer. */
  usurp: () => void;
  /** The tabs that are alive, this one included. */
  alive: () => Promise<Set<string>>;
  /** Resolves when that tab is gone, or this one leaves. */
  gone: (tab: string) => Promise<void>;
  leave: () => void;
};

export type Told = {
  gained: () => void;
  lost: () => void;
  heard: (message: unknown) => void;
};

export function join({ locks, openBus }: Tabs, device: string, tab: string, told: Told): Member {
  const seat = `damso ${device}`;
  const { promise: left, resolve: leave } = Promise.withResolvers<void>();
  const { promise: settled, resolve: settle } = Promise.withResolvers<void>();
  let over = false;
  let leading = false;
  const bus = openBus(seat, (message) => {
    if (!over) told.heard(message);
  });

  async function lead(): Promise<void> {
    if (over) return;
    leading = true;
    settle();
    told.gained();
    await left;
    leading = false;
  }

  async function stand(how: "wait" | "steal"): Promise<void> {
    try {
      await locks.request(seat, how, lead);
    } catch {
      // Another tab has found this one silent. It may lead again after that one.
      leading = false;
      if (over) return;
      told.lost();
      await stand("wait");
    }
  }

  async function run(): Promise<void> {
    let first = false;
    const lost = await locks
      .request(seat, "now", async (got) => {
        first = got;
        if (got) await lead();
      })
      .then(() => false)
      .catch(() => true);
    if (over || (first && !lost)) return;
    leading = false;
    settle();
    if (lost) told.lost();
    await stand("wait");
  }

  void locks.request(`${seat} ${tab}`, "wait", () => left);
  void run();
  return {
    tab,
    bus,
    settled,
    leads: () => leading,
    usurp: () => void stand("steal"),
    alive: async () => {
      const names = (await locks.held()).filter((name) => name.startsWith(`${seat} `));
      return new Set(names.map((name) => name.slice(seat.length + 1)));
    },
    gone: (other) =>
      Promise.race([left, locks.request(`${seat} ${other}`, "wait", async () => {})]),
    leave: () => {
      over = true;
      leave();
      bus.close();
    },
  };
}
