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

test("[N8] quiet hours follow the wall's clock over a change of its time", () => {
  const early = { from: "22:00", to: "02:30" };
  const quiet = (time: string): boolean => isQuiet(early, "Europe/Berlin", Date.parse(time));
  // In spring 02:00 is 03:00 at once: there is no half past two.
  expect(["2026-03-29T00:59:00Z", "2026-03-29T01:00:00Z"].map(quiet)).toEqual([true, false]);
  // In autumn the hour from two to three comes twice, and its first half is quiet both times.
  const autumn = ["00:29", "00:30", "00:59", "01:00", "01:29", "01:30"];
  expect(autumn.map((time) => quiet(`2026-10-25T${time}:00Z`))).toEqual([
    true,
    false,
    false,
    true,
    true,
    false,
  ]);
});
