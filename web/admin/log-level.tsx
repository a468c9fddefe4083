import type { LogLevel } from "@damso/protocol/http/admin";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { problemOf, useDesk, useWords } from "./context.ts";
import { useAsked } from "./use-asked.ts";
import { Waiting } from "./waiting.tsx";

const LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error"];

export function LogLevelForm(): VNode {
  const words = useWords();
  const { api } = useDesk();
  const { answer, problem, again } = useAsked<"getLogLevel">("/v1/admin/log-level");
  const overview = useAsked<"getOverview">("/v1/admin/overview");
  const [said, setSaid] = useState("");
  // Shown at once; the server's word replaces it.
  const [chosen, setChosen] = useState<LogLevel | undefined>(undefined);
  const change = async (level: LogLevel): Promise<void> => {
    setChosen(level);
    setSaid("");
    try {
      await api.ask("PUT", "/v1/admin/log-level", { level });
      setSaid(words.done);
    } catch (error) {
      setSaid(problemOf(words, error));
    }
    await again();
    setChosen(undefined);
  };
  if (answer === undefined) return <Waiting problem={problem} />;
  return (
    <section aria-labelledby="log-title">
      <h2 id="log-title">{words.log}</h2>
      <p class="hint">{words.logHint(overview.answer?.node_id ?? words.thisNode)}</p>
      <fieldset class="levels">
        <legend>{words.logLevel}</legend>
        {LEVELS.map((level) => (
          <label key={level}>
            <input
              type="radio"
              name="level"
              checked={(chosen ?? answer.level) === level}
              onChange={() => void change(level)}
            />
            {words.levels[level]}
          </label>
        ))}
      </fieldset>
      <p class="said" role="status">
        {said}
      </p>
    </section>
  );
}
