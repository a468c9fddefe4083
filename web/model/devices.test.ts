import { expect, test } from "bun:test";
import type { Device, DeviceId } from "@damso/sdk";
import { DamsoError } from "@damso/sdk";
import { createScene } from "../testing/context.ts";
import { at, direct, talk } from "../testing/scene.ts";
import { deviceName } from "./device-name.ts";
import { createDevices } from "./devices.ts";
import { createReporting } from "./report.ts";

const device = (id: number, current = false): Device => ({
  device_id: `1456074443980800${id}` as DeviceId,
  session_id: `1456074443980900${id}` as never,
  name: `d${id}`,
  created_at: at(9),
  last_active_at: at(1),
  current,
});

test("this device stands by itself, and all others can be logged out", async () => {
  const { context, fake } = createScene([talk(direct(2), [1, 2], [])]);
  const gone: string[] = [];
  fake.devices.list = async () => [device(801, true), device(802), device(803)];
  fake.devices.remove = async (id) => {
    if (gone.length === 1) throw new DamsoError("disconnected");
    gone.push(id);
  };
  const devices = createDevices(context, createReporting(context).report);
  await devices.load();
  expect(devices.current.value?.name).toBe("d801");
  expect(await devices.logOutOthers()).toBe(false);
  expect(devices.others.value?.map(({ name }) => name)).toEqual(["d803"]);
  fake.devices.remove = async () => {};
  expect(await devices.logOutOthers()).toBe(true);
  expect(devices.others.value).toEqual([]);
});

test("a device is called by its browser and its system", () => {
  const names = [
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 SamsungBrowser/28.0 Chrome/130.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604",
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "something else",
  ].map(deviceName);
  expect(names).toEqual([
    "Edge · Windows",
    "Samsung Internet · Android",
    "Safari · iOS",
    "Firefox · Linux",
    "",
  ]);
});
