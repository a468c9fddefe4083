/** A history of the list-append kind, read from EDN: as `export.ts` writes it, or as Jepsen does. */
import { nameOf, readEdn } from "./edn.ts";
import type { Edn } from "./edn.ts";
import type { HistoryEvent, Micro } from "./history.ts";

const TYPES = ["invoke", "ok", "fail", "info"] as const;

/** Throws at what is no such history. What the nemesis does is left out. */
export function parseHistory(text: string): HistoryEvent[] {
  const values = readEdn(text);
  const [first] = values;
  const all = values.length === 1 && Array.isArray(first) ? (first as readonly Edn[]) : values;
  return all.flatMap((value, at) => {
    if (!(value instanceof Map)) throw new Error(`entry ${at} is no map`);
    return nameOf(value.get("process") ?? null) === "nemesis" ? [] : [toEvent(value, at)];
  });
}

function toEvent(map: Map<string, Edn>, at: number): HistoryEvent {
  const name = nameOf(map.get("type") ?? null);
  const type = TYPES.find((one) => one === name);
  const value = map.get("value");
  if (!type || !Array.isArray(value)) throw new Error(`entry ${at} is no transaction`);
  const micros = (value as readonly Edn[]).map((micro) => toMicro(micro, at));
  const client = nameOf(map.get("process") ?? null);
  return { type, client, time_ns: Number(map.get("time") ?? at), micros };
}

function toMicro(value: Edn, at: number): Micro {
  const [op = null, list = null, content = null] = Array.isArray(value) ? (value as Edn[]) : [];
  const name = nameOf(op);
  if (name === "append" && typeof content === "number") {
    return { op: "append", list: nameOf(list), element: content };
  }
  if (name !== "r" || (content !== null && !Array.isArray(content))) {
    throw new Error(`entry ${at} has a step that is neither append nor read`);
  }
  const elements = (content as readonly number[] | null) ?? undefined;
  return { op: "read", list: nameOf(list), elements };
}
