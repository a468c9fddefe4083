import { expect, test } from "bun:test";
import { isQuiet } from "./quiet.ts";

const at = (time: string): number => Date.parse(`2026-07-01T${time}:00Z`);
const night = { from: "22:00", to: "07:00" };
const noon = { from: "12:00", to: "13:00" };

const cases: [
  hours: typeof night | undefined,
  zone: string | undefined,
  utc: string,
  quiet: boolean,
][] = [
  [undefined, "Asia/Seoul", "15:00", false],
  [night, "Asia/Seoul", "12:59", false],
  [night, "Asia/Seoul", "13:00", true],
  [night, "Asia/Seoul", "21:59", true],
  [night, "Asia/Seoul", "22:00", false],
  [night, undefined, "23:59", true],
  [night, "Not/A_Zone", "00:00", true],
  [noon, "America/New_York", "16:00", true],
  [noon, "America/New_York", "17:00", false],
  [{ from: "08:00", to: "08:00" }, "UTC", "08:00", false],
];

test("[N8] quiet hours follow the clock on the wall, past midnight too", () => {
  for (const [hours, zone, utc, quiet] of cases)
    expect([utc, zone, isQuiet(hours, zone, at(utc))]).toEqual([utc, zone, quiet]);
});
