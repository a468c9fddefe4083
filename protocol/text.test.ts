import { expect, test } from "bun:test";
import fc from "fast-check";
import json from "../spec/vectors/text.json";
import {
  codePoints,
  cutText,
  isCleanText,
  textFault,
  utf8Bytes,
  withinBytes,
  withinCodePoints,
} from "./text.ts";
import { buildText } from "./vectors.testing.ts";
import type { TextVectors } from "./vectors.testing.ts";

const vectors = json as TextVectors;
const unicode = fc.string({ unit: "binary", maxLength: 300 });
const anyUnits = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 300 })
  .map((units) => String.fromCharCode(...units));

for (const row of vectors.cases) {
  test(`[P5] what is wrong with it: ${row.name}`, () => {
    expect(textFault(buildText(row.text), vectors.max) ?? null).toBe(row.fault as never);
  });
  if (row.code_points === null || row.bytes === null) continue;
  const { code_points, bytes } = row;
  test(`[P6] its length and size: ${row.name}`, () => {
    const text = buildText(row.text);
    expect(codePoints(text)).toBe(code_points);
    expect(utf8Bytes(text)).toBe(bytes);
    expect(withinCodePoints(text, code_points)).toBe(true);
    expect(withinCodePoints(text, code_points - 1)).toBe(false);
    expect(withinBytes(text, bytes)).toBe(true);
    expect(withinBytes(text, bytes - 1)).toBe(false);
  });
}

test("[P6] length is what iterating over the code points counts", () => {
  fc.assert(
    fc.property(unicode, (text) => {
      expect(codePoints(text)).toBe(Array.from(text).length);
      expect(utf8Bytes(text)).toBe(new TextEncoder().encode(text).length);
    }),
  );
});

test("[P5] text is clean exactly when it survives UTF-8 and holds no U+0000", () => {
  fc.assert(
    fc.property(anyUnits, (text) => {
      const survives = new TextDecoder().decode(new TextEncoder().encode(text)) === text;
      // A leading byte order mark is dropped by the decoder, not by us.
      fc.pre(!text.startsWith("\ufeff"));
      expect(isCleanText(text)).toBe(survives && !text.includes("\0"));
    }),
  );
});

test("[P6] a preview never splits a surrogate pair", () => {
  fc.assert(
    fc.property(unicode, fc.integer({ min: 1, max: 40 }), (text, units) => {
      const cut = cutText(text, units);
      expect(text.startsWith(cut)).toBe(true);
      expect(cut.isWellFormed()).toBe(true);
      expect(cut.length).toBeGreaterThanOrEqual(Math.min(text.length, units - 1));
    }),
  );
});
