/** The frames as they travel, newest at the bottom; each opens into its JSON. */
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Code } from "../code.tsx";
import { useWords } from "../context.ts";
import { pretty } from "../json.ts";
import type { Entry, FrameLog, Side } from "./frame-log.ts";
import { toggled } from "./frame-log.ts";

type Names = readonly [left: string, right: string];

export function FrameViewer({ log, names }: { log: FrameLog; names: Names }): VNode {
  const words = useWords();
  const [areOpen, setAllOpen] = useState(false);
  const entries = log.shown.value;
  const hasAny = log.types.value.length > 0;
  return (
    <section class="viewer" aria-labelledby="viewer-title">
      <header>
        <h3 id="viewer-title">{words.viewer}</h3>
        <Tools log={log} areOpen={areOpen} toggleOpen={() => setAllOpen(!areOpen)} />
      </header>
      <Filters log={log} names={names} />
      {/* Newest at the bottom and held there, without a script: the browser scrolls a reversed column from its end. */}
      <div class="frames" tabIndex={0} role="group" aria-label={words.viewer}>
        <ol>
          {entries.map((entry) => (
            <FrameRow
              key={entry.n}
              entry={entry}
              name={entry.side === "left" ? names[0] : names[1]}
              isOpen={areOpen}
            />
          ))}
        </ol>
        {entries.length === 0 && <p class="none">{hasAny ? words.noneShown : words.noFrames}</p>}
      </div>
    </section>
  );
}

type ToolsProps = { log: FrameLog; areOpen: boolean; toggleOpen: () => void };

function Tools({ log, areOpen, toggleOpen }: ToolsProps): VNode {
  const words = useWords();
  const isPaused = log.paused.value;
  return (
    <div class="tools">
      <button
        type="button"
        class={isPaused ? "button primary" : "button"}
        onClick={() => (isPaused ? log.resume() : (log.paused.value = true))}
      >
        {isPaused ? words.resume(log.waiting.value) : words.pause}
      </button>
      <button type="button" class="button" aria-pressed={areOpen} onClick={toggleOpen}>
        {areOpen ? words.closeAll : words.openAll}
      </button>
      <button type="button" class="button" onClick={log.clear}>
        {words.clear}
      </button>
    </div>
  );
}

function Filters({ log, names }: { log: FrameLog; names: Names }): VNode {
  const words = useWords();
  const sides: readonly [Side | undefined, string][] = [
    [undefined, words.both],
    ["left", names[0]],
    ["right", names[1]],
  ];
  return (
    <div class="filters">
      <div class="chips" role="group" aria-label={words.framesOf}>
        {sides.map(([side, name]) => (
          <button
            type="button"
            key={name}
            class="chip"
            aria-pressed={log.side.value === side}
            onClick={() => (log.side.value = side)}
          >
            {name}
          </button>
        ))}
      </div>
      <div class="chips" role="group" aria-label={words.showTypes}>
        {log.types.value.map(([type, count]) => (
          <button
            type="button"
            key={type}
            class="chip"
            aria-pressed={!log.hidden.value.has(type)}
            onClick={() => (log.hidden.value = toggled(log.hidden.value, type))}
          >
            {type === "line" ? words.line : type} <small>{count}</small>
          </button>
        ))}
      </div>
    </div>
  );
}

/** Figures in a column are compared, not read aloud: the same in every language. */
const CLOCK = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });
const ARROWS = { out: "→", in: "←", line: "•" } as const;

type RowProps = { entry: Entry; name: string; isOpen: boolean };

function FrameRow({ entry, name, isOpen }: RowProps): VNode {
  const words = useWords();
  const { at, side, way, type, value, bytes } = entry;
  const time = (
    <time>
      {CLOCK.format(at)}
      <small>.{String(at % 1000).padStart(3, "0")}</small>
    </time>
  );
  const who = <span class={`who ${side}`}>{name}</span>;
  if (way === "line") {
    return (
      <li class="frame line">
        {time} {who} <span>{typeof value === "string" ? value : ""}</span>
      </li>
    );
  }
  return (
    <li class={`frame ${way}`}>
      <details open={isOpen}>
        <summary>
          {time} {who}
          <span class="way">
            <span aria-hidden="true">{ARROWS[way]}</span>
            <span class="hidden">{words[way]}</span>
          </span>
          <code class="frame-type">{type}</code>
          <span class="preview">{previewOf(entry)}</span>
          <small class="bytes">{words.bytes(bytes)}</small>
        </summary>
        <Code name={type} text={pretty(value)} />
      </details>
    </li>
  );
}

/** The frame in one line, without what the row says already. */
function previewOf({ value }: Entry): string {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "";
  const { type: _type, ...rest } = value;
  return JSON.stringify(rest);
}
