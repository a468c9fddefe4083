import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { decodeFrames, encodeFrame, opcode } from "./frames.ts";

/** A server's frame: the client's without the mask. */
function serverFrame(payload: string): string {
  const { length } = payload;
  if (length < 126) return `\x81${String.fromCharCode(length)}${payload}`;
  if (length <= 0xffff) {
    return `\x81${String.fromCharCode(126, length >> 8, length & 255)}${payload}`;
  }
  const size = [0, 0, 0, 0, 0, length >> 16, (length >> 8) & 255, length & 255];
  return `\x81${String.fromCharCode(127, ...size)}${payload}`;
}

test("whatever the sizes and however the stream is cut, every frame comes out once and whole", () => {
  const sizes = fc.array(fc.constantFrom(0, 1, 125, 126, 500, 65_535, 65_536, 70_000), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 90_000 }), (lengths, step) => {
      const payloads = lengths.map((length, at) => String.fromCharCode(97 + at).repeat(length));
      const stream = payloads.map(serverFrame).join("");
      const got: string[] = [];
      let rest = "";
      for (let at = 0; at < stream.length; at += step) {
        const text = rest + stream.slice(at, at + step);
        rest = text.slice(
          decodeFrames(text, (_, all, start, end) => got.push(all.slice(start, end))),
        );
      }
      expect(got).toEqual(payloads);
      expect(rest).toBe("");
    }),
    { numRuns: 50 },
  );
});

test("a stream cut after every byte decodes the same", () => {
  const stream = serverFrame("x".repeat(200)) + serverFrame("y");
  const got: string[] = [];
  let rest = "";
  for (const byte of stream) {
    rest += byte;
    rest = rest.slice(decodeFrames(rest, (_, all, start, end) => got.push(all.slice(start, end))));
  }
  expect(got).toEqual(["x".repeat(200), "y"]);
});

test("a client frame is final, masked with zero, and of the right length", () => {
  expect(encodeFrame(opcode.text, "hi")).toBe("\x81\x82\0\0\0\0hi");
  expect(encodeFrame(opcode.text, "a".repeat(300))).toBe(
    `\x81\xfe\x01\x2c\0\0\0\0${"a".repeat(300)}`,
  );
});

test("a fragment is refused", () => {
  expect(() => decodeFrames("\x01\x01a", () => {})).toThrow("fragmented");
});
