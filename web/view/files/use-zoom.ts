/** Zooming with the wheel, two fingers, a double press and keys; moving with one; swiping away what is not zoomed. */
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Point, Zoom } from "../../model/zoom.ts";
import { FIT, moveBy, zoomAt } from "../../model/zoom.ts";

export type Way = "left" | "right" | "down";
type Options = { onSwipe: (way: Way) => void };
type Zooming = {
  frame: RefObject<HTMLDivElement | null>;
  style: { transform: string };
  zoomed: boolean;
};

const SWIPE_PIXELS = 60;
const CLOSER = 2.5;
const KEYS: Record<string, number> = { "+": 1.4, "=": 1.4, "-": 1 / 1.4, "0": 0 };

export function useZoom({ onSwipe }: Options): Zooming {
  const frame = useRef<HTMLDivElement>(null);
  const [zoom, setZoom] = useState<Zoom>(FIT);
  const told = useRef({ zoom, onSwipe });
  told.current = { zoom, onSwipe };
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const change = (next: (zoom: Zoom) => Zoom): void => {
      told.current.zoom = next(told.current.zoom);
      setZoom(told.current.zoom);
    };
    const ends = [
      watchPointers(
        element,
        change,
        (way) => told.current.zoom.scale === 1 && told.current.onSwipe(way),
      ),
      watchWheel(element, change),
      watchKeys(element, change),
    ];
    return () => ends.forEach((end) => end());
  }, []);
  const { scale, x, y } = zoom;
  return {
    frame,
    style: { transform: `translate(${x}px, ${y}px) scale(${scale})` },
    zoomed: scale > 1,
  };
}

type Change = (next: (zoom: Zoom) => Zoom) => void;

function fromMiddle(
  element: Element,
  { clientX, clientY }: { clientX: number; clientY: number },
): Point {
  const { left, top, width, height } = element.getBoundingClientRect();
  return { x: clientX - left - width / 2, y: clientY - top - height / 2 };
}

function watchWheel(element: HTMLElement, change: Change): () => void {
  const turn = (event: WheelEvent): void => {
    event.preventDefault();
    const at = fromMiddle(element, event);
    change((zoom) => zoomAt(zoom, Math.exp(-event.deltaY / 300), at, sizeOf(element)));
  };
  const jump = (event: MouseEvent): void => {
    const at = fromMiddle(element, event);
    change((zoom) => (zoom.scale > 1 ? FIT : zoomAt(zoom, CLOSER, at, sizeOf(element))));
  };
  element.addEventListener("wheel", turn, { passive: false });
  element.addEventListener("dblclick", jump);
  return () => {
    element.removeEventListener("wheel", turn);
    element.removeEventListener("dblclick", jump);
  };
}

function watchKeys(element: HTMLElement, change: Change): () => void {
  const press = (event: KeyboardEvent): void => {
    const factor = KEYS[event.key];
    if (factor === undefined || event.ctrlKey || event.metaKey) return;
    change((zoom) => (factor === 0 ? FIT : zoomAt(zoom, factor, { x: 0, y: 0 }, sizeOf(element))));
  };
  const dialog = element.closest("dialog");
  dialog?.addEventListener("keydown", press);
  return () => dialog?.removeEventListener("keydown", press);
}

function watchPointers(
  element: HTMLElement,
  change: Change,
  swiped: (way: Way) => void,
): () => void {
  const down = new Map<number, Point>();
  let began: Point = { x: 0, y: 0 };
  /** More than one finger was down: what follows is no swipe. */
  let pinched = false;
  const press = (event: PointerEvent): void => {
    element.setPointerCapture(event.pointerId);
    const at = fromMiddle(element, event);
    if (down.size === 0) [began, pinched] = [at, false];
    else pinched = true;
    down.set(event.pointerId, at);
  };
  const move = (event: PointerEvent): void => {
    const before = down.get(event.pointerId);
    if (!before) return;
    const at = fromMiddle(element, event);
    const other = [...down].find(([id]) => id !== event.pointerId)?.[1];
    down.set(event.pointerId, at);
    const size = sizeOf(element);
    if (other)
      change((zoom) =>
        zoomAt(zoom, distance(at, other) / distance(before, other), middle(at, other), size),
      );
    else change((zoom) => moveBy(zoom, { x: at.x - before.x, y: at.y - before.y }, size));
  };
  const lift = (event: PointerEvent): void => {
    const at = down.get(event.pointerId);
    if (!down.delete(event.pointerId) || !at || pinched || event.pointerType === "mouse") return;
    const way = wayOf({ x: at.x - began.x, y: at.y - began.y });
    if (way) swiped(way);
  };
  const ends = Object.entries({
    pointerdown: press,
    pointermove: move,
    pointerup: lift,
    pointercancel: lift,
  });
  for (const [name, run] of ends) element.addEventListener(name, run as EventListener);
  return () => {
    for (const [name, run] of ends) element.removeEventListener(name, run as EventListener);
  };
}

function wayOf({ x, y }: Point): Way | undefined {
  if (Math.max(Math.abs(x), y) < SWIPE_PIXELS) return undefined;
  if (Math.abs(x) > Math.abs(y)) return x < 0 ? "left" : "right";
  return y > 0 ? "down" : undefined;
}

const sizeOf = (element: Element): { width: number; height: number } =>
  element.getBoundingClientRect();
const distance = (a: Point, b: Point): number => Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));
const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
