/** The tabs of one browser, in a world where time moves when it is told to: locks, a channel, and tabs that die. */
import type { Client, Session } from "@damso/sdk";
import type { Environment } from "@damso/sdk/environment";
import type { FakeServer } from "@damso/sdk/testing/fake-server";
import type { World } from "@damso/sdk/testing/world";
import { environmentOf } from "@damso/sdk/testing/world";
import { createSharedClient } from "../model/tabs/client.ts";
import type { Locks, Tabs } from "../model/tabs/ports.ts";

type Waiting = { tab: string; hold: (got: boolean) => Promise<void>; end: () => void };
type Holder = { tab: string; release: () => void; rob: () => void };

export type Browser = {
  /** Opens a tab; the same name again is a reload. */
  open: (name: string) => Tab;
  /** How many sockets are open at once, at most, so far. */
  sockets: () => number;
};

export type Tab = {
  client: Client;
  /** Ends it as a closed window does: nothing of it runs any more. */
  kill: () => void;
};

export function createBrowser(here: World, server: FakeServer, session: Session): Browser {
  const held = new Map<string, Holder>();
  const queues = new Map<string, Waiting[]>();
  const buses = new Map<string, { tab: string; heard: (message: unknown) => void }[]>();
  const dead = new Set<string>();
  let kept = session;
  let opened = 0;
  let open = 0;
  let most = 0;
  const soon = (run: () => void): void => void here.setTimer(1, run);

  /** The lock goes to whoever has waited longest and still lives. */
  function next(name: string): void {
    if (held.has(name)) return;
    const waiting = queues.get(name)?.shift();
    if (waiting === undefined) return;
    if (dead.has(waiting.tab)) return next(name);
    grant(name, waiting, () => {});
  }

  function grant(name: string, { tab, hold, end }: Waiting, robbed: () => void): void {
    const release = (): void => {
      if (held.get(name) !== holder) return;
      held.delete(name);
      end();
      soon(() => next(name));
    };
    const holder: Holder = { tab, release, rob: robbed };
    held.set(name, holder);
    void hold(true).then(release);
  }

  function locksOf(tab: string): Locks {
    return {
      held: async () => [...held.keys()],
      request: (name, how, hold) =>
        new Promise((resolve, reject) => {
          const waiting: Waiting = { tab, hold, end: resolve };
          const robbed = (): void => reject(new Error("stolen"));
          soon(() => {
            if (dead.has(tab)) return;
            if (how === "now" && held.has(name)) return void hold(false).then(resolve);
            if (how === "steal") {
              held.get(name)?.rob();
              held.delete(name);
            }
            if (!held.has(name)) return grant(name, waiting, robbed);
            queues.set(name, [...(queues.get(name) ?? []), waiting]);
          });
        }),
    };
  }

  function tabsOf(tab: string): Tabs {
    return {
      locks: locksOf(tab),
      openBus: (name, heard) => {
        const own = { tab, heard };
        buses.set(name, [...(buses.get(name) ?? []), own]);
        return {
          post: (message) => {
            if (dead.has(tab)) return;
            const copy: unknown = structuredClone(message);
            for (const other of buses.get(name) ?? []) {
              if (other !== own) soon(() => dead.has(other.tab) || other.heard(copy));
            }
          },
          close: () =>
            buses.set(
              name,
              (buses.get(name) ?? []).filter((each) => each !== own),
            ),
        };
      },
    };
  }

  /** The world as a tab that can die sees it. */
  function worldOf(tab: string): Environment {
    const alive = (run: () => void) => (): void => {
      if (!dead.has(tab)) run();
    };
    const whole = environmentOf(here, { openSocket: server.openSocket, fetch: server.fetch });
    return {
      ...whole,
      setTimer: (ms, fire) => here.setTimer(ms, alive(fire)),
      openSocket: (url, protocol, listeners) => {
        most = Math.max(most, (open += 1));
        const ended = once(() => (open -= 1));
        const socket = server.openSocket(url, protocol, {
          opened: alive(listeners.opened),
          message: (text) => alive(() => listeners.message(text))(),
          closed: (code) => {
            ended();
            alive(() => listeners.closed(code))();
          },
        });
        const close = (code?: number): void => {
          ended();
          socket.close(code);
        };
        ends.set(tab, [...(ends.get(tab) ?? []), close]);
        return { send: (text) => alive(() => socket.send(text))(), close };
      },
    };
  }
  const ends = new Map<string, (() => void)[]>();

  function kill(tab: string): void {
    dead.add(tab);
    for (const end of ends.get(tab) ?? []) end();
    for (const holder of held.values()) if (holder.tab === tab) holder.release();
  }

  function start(name: string): Tab {
    const tab = `${name}.${(opened += 1)}`;
    const now: { tab: Tab | undefined } = { tab: undefined };
    const client = createSharedClient({
      session: kept,
      tabs: tabsOf(tab),
      tab,
      platform: worldOf(tab),
      kept: () => kept,
      renew: () => {
        void client.stop();
        now.tab = start(name);
      },
    });
    client.on("session", (renewed) => (kept = renewed));
    client.start().catch(() => {});
    return {
      get client() {
        return now.tab?.client ?? client;
      },
      kill: () => (now.tab ? now.tab.kill() : kill(tab)),
    };
  }

  return { open: start, sockets: () => most };
}

function once(run: () => void): () => void {
  let ran = false;
  return () => {
    if (!ran) run();
    ran = true;
  };
}
