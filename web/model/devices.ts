/** Where the account is logged in, and logging out from afar. */
import type { Device, DeviceId } from "@damso/sdk";
import type { ReadonlySignal } from "@preact/signals";
import { computed, signal } from "@preact/signals";
import type { Context } from "./context.ts";
import type { Report } from "./report.ts";

export type DevicesModel = {
  current: ReadonlySignal<Device | undefined>;
  /** Last used first; undefined until they are here. */
  others: ReadonlySignal<readonly Device[] | undefined>;
  failed: ReadonlySignal<boolean>;
  load: () => Promise<void>;
  logOut: (device_id: DeviceId) => Promise<boolean>;
  /** One after the other; true when all are gone. */
  logOutOthers: () => Promise<boolean>;
};

export function createDevices({ client }: Context, report: Report): DevicesModel {
  const all = signal<readonly Device[] | undefined>(undefined);
  const failed = signal(false);

  async function load(): Promise<void> {
    failed.value = false;
    failed.value = !(await report(client.devices.list().then((list) => (all.value = list))));
  }

  async function logOut(device_id: DeviceId): Promise<boolean> {
    const done = await report(client.devices.remove(device_id));
    if (done) all.value = all.peek()?.filter((device) => device.device_id !== device_id);
    return done;
  }

  async function logOutOthers(): Promise<boolean> {
    for (const { current, device_id } of all.peek() ?? []) {
      if (!current && !(await logOut(device_id))) return false;
    }
    return true;
  }

  return {
    current: computed(() => all.value?.find(({ current }) => current)),
    others: computed(() => all.value?.filter(({ current }) => !current)),
    failed,
    load,
    logOut,
    logOutOthers,
  };
}
