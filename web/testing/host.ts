/** A browser that does what the test says, and notes what it was asked for. */
import type { Signal } from "@preact/signals";
import { signal } from "@preact/signals";
import type { Host, Install, Permission } from "../model/host.ts";

export type FakeHost = Omit<Host, "install" | "permission" | "update" | "wanted"> & {
  install: Signal<Install>;
  permission: Signal<Permission>;
  update: Signal<boolean>;
  wanted: Signal<string>;
  calls: unknown[][];
  /** What another tab says. */
  hear: (present: boolean) => void;
};

export function fakeHost(): FakeHost {
  const calls: unknown[][] = [];
  const listeners: ((present: boolean) => void)[] = [];
  const permission = signal<Permission>("default");
  const note =
    (name: string) =>
    async (...given: unknown[]): Promise<void> =>
      void calls.push([name, ...given]);
  return {
    calls,
    permission,
    update: signal(false),
    install: signal<Install>("no"),
    wanted: signal(""),
    useUpdate: () => void calls.push(["useUpdate"]),
    installNow: note("installNow"),
    askPermission: async () => {
      permission.value = "granted";
    },
    subscribe: async (key) => {
      calls.push(["subscribe", key]);
      const keys = { p256dh: "p", auth: "a" };
      return { kind: "webpush", endpoint: "https://push.example/1", keys };
    },
    unsubscribe: note("unsubscribe"),
    setBadge: (count) => void calls.push(["setBadge", count]),
    wipe: note("wipe"),
    onSession: (heard) => void listeners.push(heard),
    hear: (present) => {
      for (const heard of listeners) heard(present);
    },
  };
}
