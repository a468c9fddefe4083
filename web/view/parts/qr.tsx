import { encode } from "uqr";
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";

/** The quiet zone that the standard asks for is the frame around it; dark on light in both schemes, as cameras want it. */
export function Qr({ text, label }: { text: string; label: string }): VNode {
  const { size, path } = useMemo(() => draw(text), [text]);
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <path d={path} shape-rendering="crispEdges" />
    </svg>
  );
}

function draw(text: string): { size: number; path: string } {
  const { data, size } = encode(text, { border: 2, ecc: "M" });
  const path = data
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")))
    .join("");
  return { size, path };
}
