/** A text that is cut until what it is sent in has at most so many bytes: to its half, and again, by code points. */
export function fitted(text: string, bytes_max: number, put: (text: string) => string): string {
  let points = [...text];
  for (;;) {
    const whole = put(points.join(""));
    if (Buffer.byteLength(whole) <= bytes_max || points.length === 0) return whole;
    points = points.slice(0, Math.floor(points.length / 2));
  }
}
