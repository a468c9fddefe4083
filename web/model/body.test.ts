import { expect, test } from "bun:test";
import { isFewEmoji, isLong, pieces } from "./body.ts";

const drawn = (body: string, names: string[] = []): string[] =>
  pieces(body, names).map(({ kind, text }) => (kind === "text" ? text : `<${kind} ${text}>`));

test("a link ends before the punctuation that follows it", () => {
  expect(drawn("see https://a.example/x?y=1, or (http://b.example).")).toEqual([
    "see ",
    "<link https://a.example/x?y=1>",
    ", or (",
    "<link http://b.example>",
    ").",
  ]);
});

test("nothing but http and https is a link", () => {
  expect(drawn("javascript:alert(1) ftp://x mailto:a@b.c")).toEqual([
    "javascript:alert(1) ftp://x mailto:a@b.c",
  ]);
});

test("mentions are found by name, the longer name first, whatever signs are in it", () => {
  expect(drawn("@Sam Lee and @Sam, @a.b(c)", ["Sam", "Sam Lee", "a.b(c)"])).toEqual([
    "<mention @Sam Lee>",
    " and ",
    "<mention @Sam>",
    ", ",
    "<mention @a.b(c)>",
  ]);
  expect(drawn("@Sam", [])).toEqual(["@Sam"]);
});

test("the pieces together are the text", () => {
  const body = "a https://x.example b @Sam\n\nc";
  expect(
    pieces(body, ["Sam"])
      .map(({ text }) => text)
      .join(""),
  ).toBe(body);
});

test("a text is long by its letters or by its lines", () => {
  expect(isLong("가".repeat(1200))).toBe(false);
  expect(isLong("가".repeat(1201))).toBe(true);
  expect(isLong("\n".repeat(23))).toBe(false);
  expect(isLong("\n".repeat(24))).toBe(true);
});

test("a link keeps the brackets that belong to it, and ends before a Korean particle", () => {
  expect(drawn("(see https://a.example/Tea_(drink)) https://b.example/[x]).")).toEqual([
    "(see ",
    "<link https://a.example/Tea_(drink)>",
    ") ",
    "<link https://b.example/[x]>",
    ").",
  ]);
  expect(drawn("https://a.example에서 봐, https://한글.한국 https://a.example/차를")).toEqual([
    "<link https://a.example>",
    "에서 봐, ",
    "<link https://한글.한국>",
    " ",
    "<link https://a.example/차를>",
  ]);
});

test("no text takes long, however it is written", () => {
  const started = performance.now();
  for (const text of [
    ".".repeat(100_000),
    "(".repeat(100_000),
    ")".repeat(100_000),
    "가".repeat(100_000),
  ])
    pieces(`http://a${text}x http://a.b${text}`, ["Sam"]);
  pieces("http://a.".repeat(10_000), []);
  expect(performance.now() - started).toBeLessThan(1000);
});

test.each(["🎉", "❤️", "👍🏽", "👩‍👩‍👧‍👦", "🇰🇷🇩🇪", "1️⃣", "😀😂🥰", "🏳️‍🌈"])("%s is shown big", (body) => {
  expect(isFewEmoji(body)).toBe(true);
});

test.each(["", "1", "123", "ㅋㅋ", "hi 🎉", "😀 😂", "😀😂🥰🎉", "🇰"])(
  "“%s” is shown as any text",
  (body) => {
    expect(isFewEmoji(body)).toBe(false);
  },
);
