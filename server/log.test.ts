import { describe, expect, test } from "bun:test";
import { createLog } from "./log.ts";
import type { Level, Log } from "./log.ts";

function capture(
  level: Level = "debug",
  format: "json" | "pretty" = "json",
): { log: Log; lines: string[]; time: { now: number }; last(): Record<string, unknown> } {
  const lines: string[] = [];
  const time = { now: Date.UTC(2026, 10, 23, 12) };
  const log = createLog({
    level,
    format,
    clock: { now: () => time.now },
    write: (line) => lines.push(line),
  });
  return { log, lines, time, last: () => JSON.parse(lines.at(-1) ?? "null") };
}

describe("the log", () => {
  test("an entry is one JSON line with time, level, message and fields", () => {
    const { log, lines, last } = capture();
    log.info("listening", { port: 8080 });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toEndWith("\n");
    expect(last()).toEqual({
      at: "2026-11-23T12:00:00.000Z",
      level: "info",
      message: "listening",
      port: 8080,
    });
  });

  test("lines below the level are not written", () => {
    const { log, lines } = capture("warn");
    log.debug("a");
    log.info("b");
    log.warn("c");
    log.error("d");
    expect(lines).toHaveLength(2);
  });

  test("secrets are never written, at any depth", () => {
    const { log, lines, last } = capture();
    log.warn("refused", {
      access_token: "abc1",
      headers: { Authorization: "abc2", cookie: "abc3", accept: "text/html" },
      user: [{ password: "abc4", password_hash: "abc5", name: "Ann" }],
      body: "abc6",
    });
    expect(lines[0]).not.toMatch(/abc\d/);
    expect(last()).toMatchObject({ headers: { accept: "text/html" }, user: [{ name: "Ann" }] });
  });

  test("errors are spelled out with code and cause", () => {
    const { log, last } = capture();
    const cause = Object.assign(new Error("disk"), { code: "ENOSPC" });
    log.error("failed", { error: new Error("commit", { cause }) });
    expect(last()).toMatchObject({
      error: { name: "Error", message: "commit", cause: { message: "disk", code: "ENOSPC" } },
    });
  });

  test("[I20] long texts, long lists, deep and circular objects are cut", () => {
    const { log, lines, last } = capture();
    const circle: Record<string, unknown> = {};
    circle["self"] = circle;
    log.info("big", {
      text: "x".repeat(100_000),
      list: Array.from({ length: 5000 }, () => 1),
      circle,
    });
    expect((lines[0] as string).length).toBeLessThan(5000);
    expect((last()["list"] as unknown[]).length).toBe(21);
  });

  test("[I20] beyond 200 lines a second they are counted, and the count is told", () => {
    const { log, lines, time } = capture();
    for (let i = 0; i < 1000; i++) log.info("again");
    expect(lines).toHaveLength(200);
    time.now += 1000;
    log.info("later");
    expect(
      lines.slice(200).map((line) => JSON.parse(line) as Record<string, unknown>),
    ).toMatchObject([{ message: "log lines dropped", lines: 800 }, { message: "later" }]);
  });

  test("in a terminal a line is for people, with the stack below", () => {
    const { log, lines } = capture("debug", "pretty");
    log.warn("slow", { took_ms: 12, error: new Error("why") });
    expect(lines[0]).toStartWith("12:00:00.000 warn  slow took_ms=12\n");
    expect(lines[0]).toContain("why");
  });
});
