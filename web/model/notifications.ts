/** Whether this device is told of messages while the app is closed. */
import type { Client } from "@damso/sdk";
import type { Api } from "./api.ts";
import type { Host } from "./host.ts";
import type { ReadonlySignal } from "@preact/signals";
import { signal } from "@preact/signals";
import type { Keep } from "./keep.ts";
import { getJson } from "./keep.ts";
import type { Speech } from "./language.ts";

/** `HH:MM` by this device's clock; past midnight when `to` is the earlier one. */
export type QuietHours = { from: string; to: string };
export type TestOutcome = "sent" | "gone" | "later" | "refused";

export type Notifications = Pick<Host, "permission"> & {
  /** The server knows where this device is reached. */
  on: ReadonlySignal<boolean>;
  /** When notifications make no sound on this device. */
  quiet: ReadonlySignal<QuietHours | undefined>;
  setQuiet: (hours: QuietHours | undefined) => Promise<void>;
  /** A notification to this device, at once. */
  test: () => Promise<TestOutcome>;
  /** Asks for the permission and tells the server where this device is reached. Rejects when that fails. */
  turnOn: () => Promise<void>;
  turnOff: () => Promise<void>;
  /**
   * What a start does for somebody who has turned them on: browsers change the address now and then, and a server forgets
   * one of which it was told once that it is gone.
   */
  refresh: () => Promise<void>;
};

/** Kept while this device is to be told of messages. */
const TOLD = "damso.push";
const QUIET = "damso.quiet";

type World = {
  api: Pick<Api, "ask">;
  host: Host;
  keep: Keep;
  client: Pick<Client, "device_id">;
  speech: Pick<Speech, "language">;
};

export function createNotifications(world: World): Notifications {
  const { api, host, keep, client } = world;
  const path = `/v1/push/${client.device_id}`;

  const on = signal(keep.get(TOLD) !== undefined);
  const quiet = signal(getJson<QuietHours>(keep, QUIET));

  async function subscribe(): Promise<void> {
    const { key } = await api.ask<{ key: string }>("GET", "/v1/push");
    const target = { ...(await host.subscribe(key)), ...wishes(world, quiet.peek()) };
    await api.ask("PUT", path, target);
    keep.set(TOLD, client.device_id);
    on.value = true;
  }

  async function refresh(): Promise<void> {
    if (host.permission.peek() === "granted" && keep.get(TOLD) !== undefined) await subscribe();
  }

  // Without a network the next start says it.
  host.onMoved?.(() => void refresh().catch(() => {}));
  return {
    permission: host.permission,
    on,
    quiet,
    setQuiet: async (hours) => {
      quiet.value = hours;
      if (hours) keep.set(QUIET, JSON.stringify(hours));
      else keep.remove(QUIET);
      if (on.peek()) await subscribe();
    },
    test: async () => (await api.ask<{ outcome: TestOutcome }>("POST", "/v1/push/test")).outcome,
    turnOn: async () => {
      await host.askPermission();
      if (host.permission.peek() === "granted") await subscribe();
    },
    turnOff: async () => {
      keep.remove(TOLD);
      on.value = false;
      // Either of the two is enough to end them, so neither waits for the other to succeed.
      const ends = await Promise.allSettled([host.unsubscribe(), api.ask("DELETE", path)]);
      for (const end of ends) if (end.status === "rejected") throw end.reason;
    },
    refresh,
  };
}

/** Quiet hours are by this device's clock, so the server has to know which; and in which language it speaks. */
function wishes({ speech }: World, quiet_hours: QuietHours | undefined): object {
  const locale = speech.language.peek();
  if (!quiet_hours) return { locale };
  return { locale, quiet_hours, time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone };
}
