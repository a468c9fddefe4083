/**
 * A history as Jepsen and Elle read it: one EDN map a line, `:f :txn`, values of `[:append list element]` and
 * `[:r list [elements]]`. `elle-cli --model list-append` judges such a file.
 */
import type { HistoryEvent, Micro } from "./history.ts";

/** Processes are numbered; one whose transaction ended with `:info` is never used again, as Jepsen has it. */
export function toEdn(events: readonly HistoryEvent[]): string {
  const processes = new Map<string, number>();
  let next = 0;
  const lines = events.map(({ type, client, time_ns, micros }, index) => {
    const process = processes.get(client) ?? next++;
    processes.set(client, process);
    if (type === "info") processes.delete(client);
    const value = `[${micros.map((micro) => toValue(micro, type === "invoke")).join(" ")}]`;
    const time = Math.round(time_ns);
    return `{:index ${index}, :time ${time}, :type :${type}, :process ${process}, :f :txn, :value ${value}}`;
  });
  return lines.map((line) => `${line}\n`).join("");
}

function toValue(micro: Micro, asked: boolean): string {
  const list = JSON.stringify(micro.list);
  if (micro.op === "append") return `[:append ${list} ${micro.element}]`;
  const known = asked ? undefined : micro.elements;
  return `[:r ${list} ${known ? `[${known.join(" ")}]` : "nil"}]`;
}
