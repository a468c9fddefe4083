import { expect, test } from "bun:test";
import { en } from "./strings/en.ts";
import { ko } from "./strings/ko.ts";
import { ago, clockTime, dayName, dayOf, shortTime } from "./time.ts";

/** The same local time in whatever zone the test runs. */
const local = (day: number, hour: number, minute = 0): string =>
  new Date(2026, 2, day, hour, minute).toISOString();
const now = new Date(2026, 2, 12, 15, 30).getTime();

test("a day is the same for its first and its last minute, and another one a minute later", () => {
  expect(dayOf(local(12, 0))).toBe(dayOf(local(12, 23, 59)));
  expect(dayOf(local(13, 0)) - dayOf(local(12, 23, 59))).toBe(1);
});

test("a row says the time today, yesterday, the weekday, then the date", () => {
  expect(shortTime(local(12, 9, 5), now, "en", en)).toMatch(/^9:05\sAM$/);
  expect(shortTime(local(11, 23), now, "en", en)).toBe("Yesterday");
  expect(shortTime(local(8, 12), now, "en", en)).toBe("Sun");
  expect(shortTime(local(2, 12), now, "en", en)).toBe("3/2/26");
  expect(shortTime(local(12, 9, 5), now, "ko", ko)).toBe("오전 9:05");
  expect(shortTime(local(11, 23), now, "ko", ko)).toBe("어제");
});

test("a message that is from the future by a wrong clock still has a time", () => {
  expect(shortTime(local(13, 1), now, "ko", ko)).toBe("오전 1:00");
});

test("the line between days has the year only when it is another one", () => {
  expect(dayName(local(12, 1), now, "en", en)).toBe("Today");
  expect(dayName(local(1, 1), now, "en", en)).toBe("Sunday, March 1");
  expect(dayName(new Date(2025, 11, 31).toISOString(), now, "ko", ko)).toBe(
    "2025년 12월 31일 수요일",
  );
});

test("the last activity in words", () => {
  const seen = (minutes: number): string => new Date(now - minutes * 60_000).toISOString();
  expect(ago(seen(0), now, "en", en)).toBe("just now");
  expect(ago(seen(5), now, "en", en)).toBe("5 minutes ago");
  expect(ago(seen(5), now, "ko", ko)).toBe("5분 전");
  expect(ago(seen(120), now, "en", en)).toBe("2 hours ago");
  expect(ago(seen(24 * 60), now, "ko", ko)).toBe("어제");
});

test("whoever was here the day before yesterday was not here yesterday, however few hours ago that was", () => {
  const night = new Date(2026, 2, 12, 1, 0).getTime();
  expect(ago(local(10, 2), night, "en", en)).toBe("2 days ago");
  expect(ago(local(10, 2), night, "ko", ko)).toBe("그저께");
  expect(ago(local(11, 0, 30), night, "en", en)).toBe("yesterday");
});

test("whoever travels sees the time of where they are", () => {
  const { TZ } = process.env;
  try {
    process.env.TZ = "Asia/Seoul";
    expect(clockTime("2026-03-12T06:30:00.000Z", "en")).toMatch(/^3:30\sPM$/);
    process.env.TZ = "Europe/London";
    expect(clockTime("2026-03-12T06:30:00.000Z", "en")).toMatch(/^6:30\sAM$/);
  } finally {
    if (TZ === undefined) delete process.env.TZ;
    else process.env.TZ = TZ;
  }
});
