/** Whether this device is told of messages while the app is closed. */
import type { Client } from "@damso/sdk";
import type { Api } from "./api.ts";
import type { Host } from "./host.ts";
import type { Keep } from "./keep.ts";

export type Notifications = Pick<Host, "permission"> & {
  /** Asks for the permission and tells the server where this device is reached. Rejects when that fails. */
  turnOn: () => Promise<void>;
  turnOff: () => Promise<void>;
  /** What a start does for somebody who has turned them on: browsers change the address now and then. */
  refresh: () => Promise<void>;
};

/** The address that the server has been told last. */
const TOLD = "damso.push";

type World = { api: Pick<Api, "ask">; host: Host; keep: Keep; client: Pick<Client, "device_id"> };

export function createNotifications({ api, host, keep, client }: World): Notifications {
  const path = `/v1/push/${client.device_id}`;

  async function subscribe(): Promise<void> {
    const { key } = await api.ask<{ key: string }>("GET", "/v1/push");
    const target = await host.subscribe(key);
    const address = target.kind === "webpush" ? target.endpoint : target.token;
    const told = `${client.device_id} ${address}`;
    if (keep.get(TOLD) === told) return;
    await api.ask("PUT", path, target);
    keep.set(TOLD, told);
  }

  return {
    permission: host.permission,
    turnOn: async () => {
      await host.askPermission();
      if (host.permission.peek() === "granted") await subscribe();
    },
    turnOff: async () => {
      keep.remove(TOLD);
      await host.unsubscribe();
      await api.ask("DELETE", path);
    },
    refresh: async () => {
      if (host.permission.peek() === "granted" && keep.get(TOLD) !== undefined) await subscribe();
    },
  };
}
