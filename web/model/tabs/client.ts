/** The client of a tab that shares socket and store with the other tabs of this browser. */
import type { Client, Session } from "@damso/sdk";
import { createClient } from "@damso/sdk";
import type { Environment } from "@damso/sdk/environment";
import { createHub } from "./hub.ts";
import type { Member } from "./member.ts";
import { join } from "./member.ts";
import type { Tabs } from "./ports.ts";
import { renewOnce } from "./renewal.ts";
import { shareSocket } from "./socket.ts";
import type { SharedStore } from "./store.ts";
import { sharedStore } from "./store.ts";

/** A tab that is gone for this long was closed, not loaded anew. */
const RELOAD_MS = 3000;

export type Shared = {
  session: Session;
  tabs: Tabs;
  /** The name of this tab: a part that stays over a reload, a dot, and one that does not. */
  tab: string;
  platform: Environment;
  /** The session as this browser keeps it now. */
  kept: () => Session | undefined;
  /** Starts a new client in the place of this one. */
  renew: () => void;
};

export function createSharedClient(shared: Shared): Client {
  const { session, tabs, tab, platform, kept, renew } = shared;
  let store: SharedStore | undefined;
  const hub = createHub(platform.openSocket);
  const sharing = shareSocket({
    setTimer: platform.setTimer,
    member: (): Member => member,
    hub,
    met: (other) => void follow(other),
  });
  const member = join(tabs, session.device_id, tab, {
    heard: sharing.heard,
    gained: () => {
      sharing.gained();
      store?.gained();
      platform.setTimer(RELOAD_MS, () => void adopt());
    },
    lost: () => {
      sharing.lost();
      store?.lost();
    },
  });

  /** What a tab has left to send when it is closed, and not only loaded anew, the leader sends. */
  async function follow(other: string): Promise<void> {
    await member.gone(other);
    if (!member.leads()) return;
    sharing.gone(other);
    platform.setTimer(RELOAD_MS, () => void adopt());
  }

  async function adopt(): Promise<void> {
    if (member.leads() && (await store?.orphaned()) === true) renew();
  }

  const client = createClient({
    session,
    client: "damso-web",
    environment: {
      ...platform,
      openSocket: sharing.openSocket,
      fetch: renewOnce({ ...platform, locks: tabs.locks, kept }, session),
      openStore: async (name) => {
        store = sharedStore(await platform.openStore(name), { ...member, renew });
        return store;
      },
    },
  });
  const leaving = (end: () => Promise<void>) => async (): Promise<void> => {
    try {
      await end();
    } finally {
      member.leave();
    }
  };
  return { ...client, stop: leaving(client.stop), logOut: leaving(client.logOut) };
}
