/** Looking closer at a picture. Places are in CSS pixels from the middle of the frame. */
export type Point = { x: number; y: number };
/** The picture is `scale` times as large as it fits, and moved by `x`, `y`. */
export type Zoom = Point & { scale: number };
export type Size = { width: number; height: number };

export const FIT: Zoom = { scale: 1, x: 0, y: 0 };
const SCALE_MAX = 6;

/** Closer by a factor, so that what lies at the point stays there. */
export function zoomAt(zoom: Zoom, factor: number, at: Point, frame: Size): Zoom {
  const scale = Math.min(SCALE_MAX, Math.max(1, zoom.scale * factor));
  const grown = scale / zoom.scale;
  const x = at.x - (at.x - zoom.x) * grown;
  const y = at.y - (at.y - zoom.y) * grown;
  return within({ scale, x, y }, frame);
}

export function moveBy(zoom: Zoom, by: Point, frame: Size): Zoom {
  return within({ scale: zoom.scale, x: zoom.x + by.x, y: zoom.y + by.y }, frame);
}

/** No further than that an edge of the picture meets the edge of the frame. */
function within({ scale, x, y }: Zoom, { width, height }: Size): Zoom {
  const most = (length: number): number => (length * (scale - 1)) / 2;
  const held = (value: number, max: number): number => Math.min(max, Math.max(-max, value)) + 0;
  return { scale, x: held(x, most(width)), y: held(y, most(height)) };
}
