import { expect, test } from "bun:test";
import type { EnterEvent } from "./enter.ts";
import { idle, onEnterEvent } from "./enter.ts";

const down = (code: number, composing: boolean): EnterEvent => ({
  type: "keydown",
  enter: true,
  plain: true,
  composing,
  code,
});
const up: EnterEvent = { type: "keyup", enter: true };
const compose = (text: string): EnterEvent => ({ type: "composition", text });
const end = (text: string): EnterEvent => ({ type: "compositionend", text });
const linebreak: EnterEvent = { type: "linebreak" };

/** How often a recorded order of events sends, and whether a line break got through. */
function replay(events: readonly EnterEvent[]): { sent: number; broken: boolean } {
  let state = idle;
  let sent = 0;
  let broken = false;
  for (const event of events) {
    const step = onEnterEvent(state, event);
    state = step.state;
    if (step.send !== false) sent += 1;
    if (event.type === "linebreak" && !step.prevent) broken = true;
  }
  return { sent, broken };
}

function check(title: string, events: readonly EnterEvent[], sent: number, broken = false): void {
  test(title, () => expect(replay(events)).toEqual({ sent, broken }));
}

/** When the first of these events that sends does so. */
function when(events: readonly EnterEvent[]): "now" | "soon" | undefined {
  let state = idle;
  for (const event of events) {
    const step = onEnterEvent(state, event);
    state = step.state;
    if (step.send !== false) return step.send;
  }
  return undefined;
}

test("what is not being composed is sent at once, before the next key can join it", () => {
  expect(when([down(13, false)])).toBe("now");
  expect(when([compose("녕"), end("녕"), down(13, false)])).toBe("now");
});

test("a composition that the key ends is waited for", () => {
  expect(when([compose("녕"), down(229, true), end("녕")])).toBe("soon");
  expect(when([compose("녕"), end("녕"), down(229, false)])).toBe("soon");
});

check("a Latin text is sent by Enter", [down(13, false), up], 1);
check("each press sends once", [down(13, false), up, down(13, false), up], 2);
check("a held key sends once", [down(13, false), down(13, false), down(13, false), up], 1);
check(
  "Hangul in Chrome on macOS: a composing keydown, the end, then a plain keydown",
  [compose("ㄴ"), compose("녕"), down(229, true), end("녕"), down(13, false), up],
  1,
);
check(
  "Hangul in Chrome on Windows: a composing keydown, the end, then a line break",
  [compose("녕"), down(229, true), end("녕"), linebreak, up],
  1,
);
check(
  "Hangul in Safari: the end, then keydown 229",
  [compose("녕"), end("녕"), down(229, false), up],
  1,
);
check(
  "Hangul in Firefox: keydown is composing, the end follows",
  [compose("녕"), down(229, true), end("녕"), up],
  1,
);
check(
  "two Hangul messages one after the other",
  [compose("네"), down(229, true), end("네"), up, compose("네"), down(229, true), end("네"), up],
  2,
);
check(
  "a Japanese candidate is only confirmed",
  [compose("日本"), down(229, true), end("日本"), up],
  0,
);
check("the same in Safari", [compose("日本"), end("日本"), down(229, false), up], 0);
check(
  "and the next Enter sends",
  [compose("日本"), down(229, true), end("日本"), up, down(13, false), up],
  1,
);
check(
  "a Chinese candidate is only confirmed",
  [compose("你好"), down(229, true), end("你好"), up],
  0,
);
check(
  "Shift+Enter breaks the line",
  [{ type: "keydown", enter: true, plain: false, composing: false, code: 13 }, linebreak, up],
  0,
  true,
);
