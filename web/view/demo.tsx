import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { useApp, useStrings } from "./app-context.ts";
import { Logo } from "./icons.tsx";
import { useEntrance } from "./use-entrance.ts";

const sides = ["left", "right"] as const;

/** Two windows, each with its own person; on a narrow screen one at a time, behind tabs. */
export function Demo({ names }: { names: readonly [string, string] | undefined }): VNode {
  const { app } = useApp();
  const strings = useStrings();
  const words = useEntrance();
  const [shown, setShown] = useState(0);
  if (names === undefined) {
    const problem = app.problem.value;
    return (
      <main class="welcome">
        <div class="card" role="status">
          <Logo />
          <p>{problem === "" ? words.demoStarting : problem}</p>
          {problem !== "" && (
            <button type="button" class="button primary" onClick={() => void app.start()}>
              {strings.tryAgain}
            </button>
          )}
        </div>
      </main>
    );
  }
  return (
    <main class="demo">
      <header class="demo-bar">
        <h1>{words.demoTitle}</h1>
        <a class="button quiet" href="/" onClick={() => app.endDemo()}>
          {words.endDemo}
        </a>
      </header>
      <div class="demo-names">
        {names.map((name, index) => (
          <button
            type="button"
            key={name}
            class="button quiet"
            aria-pressed={shown === index}
            onClick={() => setShown(index)}
          >
            {words.demoPane(name)}
          </button>
        ))}
      </div>
      <div class="demo-panes">
        {sides.map((side, index) => (
          <iframe
            key={side}
            class={shown === index ? "shown" : ""}
            src={`/?as=${side}`}
            title={words.demoPane(names[index] ?? "")}
          />
        ))}
      </div>
    </main>
  );
}

/** A pane whose people are gone, after a log-out or when it was opened by itself. */
export function DemoOver(): VNode {
  const words = useEntrance();
  return (
    <main class="welcome">
      <div class="card">
        <Logo />
        <p>{words.demoOver}</p>
        <a class="button primary" href="/?demo=anew" target="_top">
          {words.startAgain}
        </a>
      </div>
    </main>
  );
}
