import { expect, test } from "bun:test";
import { FIT, moveBy, zoomAt } from "./zoom.ts";

const frame = { width: 400, height: 200 };

test("what lies at the pointer stays there", () => {
  const zoom = zoomAt(FIT, 2, { x: 100, y: -50 }, frame);
  expect(zoom).toEqual({ scale: 2, x: -100, y: 50 });
  expect(zoomAt(zoom, 0.5, { x: 100, y: -50 }, frame)).toEqual(FIT);
});

test("nothing is looked at closer than six times, and nothing beyond the edge", () => {
  expect(zoomAt(FIT, 100, { x: 0, y: 0 }, frame).scale).toBe(6);
  const zoom = zoomAt(FIT, 2, { x: 0, y: 0 }, frame);
  expect(moveBy(zoom, { x: 999, y: -999 }, frame)).toEqual({ scale: 2, x: 200, y: -100 });
  expect(moveBy(FIT, { x: 10, y: 10 }, frame)).toEqual(FIT);
});
