import type { VNode } from "preact";
import { useWords } from "./context.ts";

/** In the place of an answer: that it is awaited, or why it does not come. */
export function Waiting({ problem }: { problem: string }): VNode {
  const words = useWords();
  return <p role="status">{problem === "" ? words.loading : problem}</p>;
}
