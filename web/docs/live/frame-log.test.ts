import { describe, expect, test } from "bun:test";
import type { Environment, SocketListeners } from "@damso/sdk/environment";
import { createFrameLog, ENTRIES_MAX, HIDDEN_TOKEN, toggled } from "./frame-log.ts";
import type { FrameLog } from "./frame-log.ts";
import type { Tapped } from "./tap.ts";
import { tapped } from "./tap.ts";

const frame = (type: string, more: object = {}): Tapped => ({
  way: "in",
  text: JSON.stringify({ type, ...more }),
});
const types = (log: FrameLog): string[] => log.shown.value.map(({ type }) => type);

describe("the frames heard", () => {
  test("are kept in order, at most so many, the oldest leaving", () => {
    let now = 0;
    const log = createFrameLog(() => ++now);
    for (let n = 0; n < ENTRIES_MAX + 5; n++) log.note("left", frame("message", { pos: n }));
    expect(log.shown.value).toHaveLength(ENTRIES_MAX);
    expect(log.shown.value[0]).toMatchObject({ n: 6, at: 6, value: { pos: 5 } });
    expect(log.types.value).toEqual([["message", ENTRIES_MAX]]);
  });

  test("never show an access token", () => {
    const log = createFrameLog(() => 0);
    log.note("left", { way: "out", text: '{"type":"hello","id":1,"token":"eyJsecret"}' });
    expect(log.shown.value[0]?.value).toEqual({ type: "hello", id: 1, token: HIDDEN_TOKEN });
    expect(JSON.stringify(log.shown.value)).not.toContain("eyJsecret");
  });

  test("are filtered by type and by whose they are", () => {
    const log = createFrameLog(() => 0);
    log.note("left", frame("ping"));
    log.note("right", frame("message"));
    log.note("left", frame("message"));
    log.hidden.value = toggled(log.hidden.value, "ping");
    expect(types(log)).toEqual(["message", "message"]);
    log.side.value = "left";
    expect(types(log)).toEqual(["message"]);
    log.hidden.value = toggled(log.hidden.value, "ping");
    expect(types(log)).toEqual(["ping", "message"]);
  });

  test("wait while somebody reads, and come in order after", () => {
    const log = createFrameLog(() => 0);
    log.note("left", frame("a"));
    log.paused.value = true;
    log.note("left", frame("b"));
    log.note("left", frame("c"));
    expect([types(log), log.waiting.value]).toEqual([["a"], 2]);
    log.resume();
    expect([types(log), log.waiting.value]).toEqual([["a", "b", "c"], 0]);
    log.clear();
    expect(types(log)).toEqual([]);
  });

  test("what is no JSON is shown all the same", () => {
    const log = createFrameLog(() => 0);
    log.note("left", { way: "in", text: "<html>" });
    log.note("left", { way: "line", text: "closed 1006" });
    expect(log.shown.value.map(({ type, bytes }) => [type, bytes])).toEqual([
      ["", 6],
      ["line", 0],
    ]);
  });
});

describe("a socket with somebody listening in", () => {
  function open() {
    const heard: Tapped[] = [];
    const sent: string[] = [];
    const told: string[] = [];
    let inner: SocketListeners | undefined;
    let closes = 0;
    const base = {
      openSocket: (_url: string, _protocol: string, listeners: SocketListeners) => {
        inner = listeners;
        return { send: (text: string) => void sent.push(text), close: () => void closes++ };
      },
    } as Partial<Environment> as Environment;
    const tap = tapped(base, (what) => void heard.push(what));
    const socket = tap.environment.openSocket("ws://x", "damso.v1", {
      opened: () => void told.push("opened"),
      message: (text) => void told.push(text),
      closed: (code) => void told.push(`closed ${code}`),
    });
    if (inner === undefined) throw new Error("no socket was opened");
    return { tap, socket, inner, heard, sent, told, closes: () => closes };
  }

  test("passes everything on, both ways", () => {
    const { socket, inner, heard, sent, told } = open();
    inner.opened();
    socket.send("out");
    inner.message("in");
    inner.closed(4000);
    expect(sent).toEqual(["out"]);
    expect(told).toEqual(["opened", "in", "closed 4000"]);
    expect(heard.map(({ way, text }) => `${way} ${text}`)).toEqual([
      "line opened",
      "out out",
      "in in",
      "line closed 4000",
    ]);
  });

  test("cut, it is gone once and says nothing more", () => {
    const { tap, inner, told, closes } = open();
    inner.opened();
    tap.cut();
    tap.cut();
    inner.message("late");
    inner.closed(1005);
    expect(told).toEqual(["opened", "closed 1006"]);
    expect(closes()).toBe(1);
  });
});
