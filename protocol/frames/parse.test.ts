import { expect, test } from "bun:test";
import fc from "fast-check";
import json from "../../spec/vectors/frames.json";
import { CODES, isErrorCode } from "../codes.ts";
import { sentObject, sentText } from "../vectors.testing.ts";
import type { FrameVectors } from "../vectors.testing.ts";
import { anyFrame, FRAME_ARBITRARIES } from "./arbitrary.testing.ts";
import { CLIENT_FRAMES, REPLY_OF } from "./client.ts";
import type { ClientFrame } from "./client.ts";
import { parseClientFrame } from "./parse.ts";
import type { Parsed } from "./parse.ts";

const vectors = json as unknown as FrameVectors;
/** Null prototypes compare by their entries only. */
const frameOf = (parsed: Parsed): unknown => (parsed.ok ? parsed.frame : parsed.refusal);

for (const vector of vectors.valid) {
  test(`[P10] a frame is read: ${vector.name}`, () => {
    const expected = vector.parsed ?? sentObject(vector);
    expect(frameOf(parseClientFrame(sentText(vector)))).toEqual(expected);
  });
}

for (const vector of vectors.invalid) {
  test(`[P11] a frame is refused with its code: ${vector.name}`, () => {
    const parsed = parseClientFrame(sentText(vector));
    if (parsed.ok) throw new Error("the frame was accepted");
    expect<string>(parsed.refusal.code).toBe(vector.code);
    expect(parsed.refusal.message).not.toBe("");
    expect(parsed.id).toBe(vector.id);
  });
}

test("[P11] a refusal names the field, and the id when it was an integer", () => {
  const frame = { type: "sync", id: 4, feed: { id: "f", pos: -1 } };
  const parsed = parseClientFrame(JSON.stringify(frame));
  expect(parsed).toMatchObject({ ok: false, id: 4, refusal: { code: "invalid" } });
  expect(!parsed.ok && parsed.refusal.message).toContain("feed.pos");
});

test("[P2] fields that this version does not know are ignored", () => {
  const unknown = fc.dictionary(
    fc.string().filter((key) => !(key in {}) && key.startsWith("x")),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(anyFrame, unknown, (frame, more) => {
      const parsed = parseClientFrame(JSON.stringify({ ...more, ...frame }));
      expect(frameOf(parsed)).toEqual(frame);
    }),
  );
});

test("[P2] a type that this version does not know is unknown_type, with the id", () => {
  fc.assert(
    fc.property(fc.string(), fc.maxSafeInteger(), (type, id) => {
      fc.pre(!Object.hasOwn(CLIENT_FRAMES, type));
      const parsed = parseClientFrame(JSON.stringify({ type, id }));
      expect(parsed).toMatchObject({ ok: false, id, refusal: { code: "unknown_type" } });
    }),
  );
});

test.each(Object.keys(CLIENT_FRAMES) as ClientFrame["type"][])(
  "[P10] every %s frame that is valid reads as it was sent",
  (type) => {
    const frames: fc.Arbitrary<ClientFrame> = FRAME_ARBITRARIES[type];
    fc.assert(
      fc.property(frames, (frame) => {
        expect(frameOf(parseClientFrame(JSON.stringify(frame)))).toEqual(frame);
      }),
    );
  },
);

test("[P10] every frame type may carry an id and has its reply", () => {
  expect(Object.keys(REPLY_OF)).toEqual(Object.keys(CLIENT_FRAMES));
  fc.assert(
    fc.property(anyFrame, fc.maxSafeInteger(), (frame, id) => {
      const parsed = parseClientFrame(JSON.stringify({ ...frame, id }));
      expect(parsed).toMatchObject({ ok: true, frame: { type: frame.type, id } });
    }),
  );
});

/** What any text may lead to: a frame of a known type, or a refusal of the table. */
function expectOutcome(text: string): void {
  const parsed = parseClientFrame(text);
  if (parsed.ok) expect(Object.hasOwn(CLIENT_FRAMES, parsed.frame.type)).toBe(true);
  else expect(isErrorCode(parsed.refusal.code) && CODES[parsed.refusal.code].status).toBeTruthy();
}

test("[P11] parsing never throws, whatever the text", () => {
  const texts = fc.oneof(fc.string({ unit: "binary" }), fc.json(), fc.lorem());
  fc.assert(fc.property(texts, expectOutcome), { numRuns: 2000 });
});

test("[P11] parsing never throws, whatever stands in a field", () => {
  const damage = fc.tuple(anyFrame, fc.nat(), fc.jsonValue()).map(([frame, at, value]) => {
    const fields = Object.keys(frame);
    return JSON.stringify({ ...frame, [fields[at % fields.length] ?? "type"]: value });
  });
  fc.assert(fc.property(damage, expectOutcome), { numRuns: 2000 });
});

test("[P11] parsing never throws on a frame that was cut or joined", () => {
  const torn = fc
    .tuple(anyFrame, anyFrame, fc.nat(400), fc.nat(400))
    .map(([a, b, from, to]) => JSON.stringify(a).slice(0, to) + JSON.stringify(b).slice(from));
  fc.assert(fc.property(torn, expectOutcome), { numRuns: 1000 });
});
