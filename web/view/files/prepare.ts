/** Pictures as they are sent: upright, not larger than a screen, without what the camera wrote into them. */
import { rgbaToThumbHash } from "thumbhash";
import type { Picked } from "../../model/api.ts";
import type { Chosen } from "../../model/attachments.ts";
import { toPicked } from "../wire.ts";

const FACE_PIXELS = 512;
const SIDE_PIXELS_MAX = 2048;
/** The library takes no more. */
const HASH_PIXELS_MAX = 100;
const QUALITY = 0.86;

/** The middle of a picture, for a face. Rejects what is no picture. */
export async function toSquare(file: Blob): Promise<Picked> {
  const bitmap = await createImageBitmap(file);
  const side = Math.min(bitmap.width, bitmap.height);
  const pixels = Math.min(side, FACE_PIXELS);
  const canvas = draw(bitmap, pixels, pixels, side);
  bitmap.close();
  return toPicked(await encode(canvas, "image/jpeg"), "face.jpg");
}

/** One after the other: a picture of a camera is a hundred megabytes while it is open. */
export async function prepareAll(files: readonly File[]): Promise<Chosen[]> {
  const prepared: Chosen[] = [];
  for (const file of files) prepared.push(await prepare(file));
  return prepared;
}

/** Moving pictures, and what is no picture, stay as they are; of what the browser cannot read no size is known. */
async function prepare(file: File): Promise<Chosen> {
  const asIs = { picked: toPicked(file, file.name) };
  if (!file.type.startsWith("image/")) return asIs;
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  if (!bitmap) return asIs;
  try {
    return await prepareImage(file, bitmap);
  } catch {
    // Too large for this browser to draw.
    return asIs;
  } finally {
    bitmap.close();
  }
}

async function prepareImage(file: File, bitmap: ImageBitmap): Promise<Chosen> {
  const { width, height } = fit(bitmap, SIDE_PIXELS_MAX);
  const thumbhash = hashOf(bitmap);
  if (file.type === "image/gif" || file.type === "image/svg+xml")
    return { picked: toPicked(file, file.name), size: { width, height }, thumbhash };
  const type =
    file.type === "image/png" || file.type === "image/webp" ? "image/webp" : "image/jpeg";
  const blob = await encode(draw(bitmap, width, height), type);
  const name = file.name.replace(
    /\.\w+$/,
    blob.type === "image/webp" ? ".webp" : blob.type === "image/png" ? ".png" : ".jpg",
  );
  return { picked: toPicked(blob, name), size: { width, height }, thumbhash };
}

type Size = { width: number; height: number };

function fit({ width, height }: Size, side: number): Size {
  const scale = Math.min(1, side / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

/** `from`: the side of the square in the middle that is taken, the whole when absent. */
function draw(
  bitmap: ImageBitmap,
  width: number,
  height: number,
  from?: number,
): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const [w, h] = from === undefined ? [bitmap.width, bitmap.height] : [from, from];
  const x = (bitmap.width - w) / 2;
  const y = (bitmap.height - h) / 2;
  canvas.getContext("2d")?.drawImage(bitmap, x, y, w, h, 0, 0, width, height);
  return canvas;
}

function encode(canvas: HTMLCanvasElement, type: string): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error("the picture could not be written"))),
      type,
      QUALITY,
    );
  });
}

function hashOf(bitmap: ImageBitmap): string {
  const { width, height } = fit(bitmap, HASH_PIXELS_MAX);
  const pixels = draw(bitmap, width, height).getContext("2d")?.getImageData(0, 0, width, height);
  return pixels ? btoa(String.fromCharCode(...rgbaToThumbHash(width, height, pixels.data))) : "";
}
