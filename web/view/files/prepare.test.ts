import { afterEach, expect, test } from "bun:test";
import { prepareAll } from "./prepare.ts";

const names = ["createImageBitmap", "document"] as const;
const before = names.map((name) => Object.getOwnPropertyDescriptor(globalThis, name));

afterEach(() => {
  for (const [index, name] of names.entries()) {
    const was = before[index];
    if (was) Object.defineProperty(globalThis, name, was);
    else Reflect.deleteProperty(globalThis, name);
  }
});

/** A browser that opens pictures, and writes none. */
function openBrowser(): { open: number; most: number } {
  const seen = { open: 0, most: 0 };
  const createImageBitmap = async (): Promise<object> => {
    seen.most = Math.max(seen.most, (seen.open += 1));
    return { width: 40, height: 30, close: () => void (seen.open -= 1) };
  };
  const canvas = {
    getContext: () => ({
      drawImage: () => {},
      getImageData: () => ({ data: new Uint8ClampedArray(40 * 30 * 4) }),
    }),
    toBlob: (done: (blob: null) => void) => done(null),
  };
  Object.defineProperty(globalThis, "createImageBitmap", {
    value: createImageBitmap,
    configurable: true,
  });
  const document = { createElement: () => canvas };
  Object.defineProperty(globalThis, "document", { value: document, configurable: true });
  return seen;
}

test("pictures are opened one at a time and closed again, and one that cannot be made smaller is sent as it is", async () => {
  const seen = openBrowser();
  const files = ["a.jpg", "b.jpg"].map((name) => new File(["x"], name, { type: "image/jpeg" }));
  const prepared = await prepareAll([...files, new File(["x"], "c.txt", { type: "text/plain" })]);
  expect(prepared.map(({ picked }) => picked.name)).toEqual(["a.jpg", "b.jpg", "c.txt"]);
  expect(prepared[0]?.picked.source).toBe(files[0]);
  expect(seen).toEqual({ open: 0, most: 1 });
});
