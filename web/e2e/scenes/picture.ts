/** Real pictures to send: 64 by 48 pixels, the left half dark. */
import { deflateSync } from "node:zlib";

const WIDTH = 64;
const HEIGHT = 48;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A chunk of a PNG file (RFC 2083 section 3.2). */
function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(Bun.hash.crc32(body), body.length + 4);
  return framed;
}

/** `light`: of the right half, from 0 to 255. */
function picture(light: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  // Eight bits a colour, red, green and blue.
  header.set([8, 2, 0, 0, 0], 8);
  const line = Buffer.alloc(1 + WIDTH * 3, light);
  // No filter, then the dark half.
  line.fill(0x22, 1, 1 + (WIDTH / 2) * 3);
  line[0] = 0;
  const lines = Buffer.concat(Array.from({ length: HEIGHT }, () => line));
  const chunks = [chunk("IHDR", header), chunk("IDAT", deflateSync(lines))];
  return Buffer.concat([SIGNATURE, ...chunks, chunk("IEND", Buffer.alloc(0))]);
}

type Picture = { name: string; mimeType: string; buffer: Buffer };

const png = (name: string, light: number): Picture => ({
  name,
  mimeType: "image/png",
  buffer: picture(light),
});

export const PNG: Picture = png("half.png", 0xdd);
/** Another one, in its bytes too. */
export const PALER: Picture = png("second.png", 0xee);
