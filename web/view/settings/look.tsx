import type { VNode } from "preact";
import { TEXT_SIZES, THEMES } from "../../model/look.ts";
import { useApp, useLanguage } from "../app-context.ts";
import { Choice, Section, Switch } from "../parts/rows.tsx";
import { useScreens } from "../parts/words.ts";
import { LANGUAGES } from "./root.tsx";

export function LookPage(): VNode {
  const { app } = useApp();
  const words = useScreens().look;
  const { theme, contrast } = app.look.values.value;
  return (
    <>
      <Sample />
      <TextSize />
      <Choice
        title={words.theme}
        options={THEMES.map((each) => [each, words.themes[each]])}
        value={theme}
        onChange={(next) => app.look.set({ theme: next })}
      />
      <Section>
        <Switch
          title={words.contrast}
          hint={words.contrastHint}
          on={contrast === "more"}
          onChange={(on) => app.look.set({ contrast: on ? "more" : "system" })}
        />
      </Section>
    </>
  );
}

/** Two messages, so that one sees at once what a choice does. */
function Sample(): VNode {
  const words = useScreens().look;
  return (
    <div class="sample" aria-hidden="true">
      <p class="bubble">{words.sample}</p>
      <p class="bubble own">{words.sampleAnswer}</p>
    </div>
  );
}

function TextSize(): VNode {
  const { app } = useApp();
  const words = useScreens().look;
  const { text } = app.look.values.value;
  const at = TEXT_SIZES.indexOf(text);
  return (
    <Section title={words.text}>
      <label class="item size">
        <span aria-hidden="true" class="size-small">
          가A
        </span>
        <input
          type="range"
          min={0}
          max={TEXT_SIZES.length - 1}
          step={1}
          value={at}
          aria-label={words.text}
          aria-valuetext={`${text} %`}
          onInput={(event) => {
            const next = TEXT_SIZES[event.currentTarget.valueAsNumber];
            if (next !== undefined) app.look.set({ text: next });
          }}
        />
        <span aria-hidden="true" class="size-large">
          가A
        </span>
      </label>
    </Section>
  );
}

export function LanguagePage(): VNode {
  const { app } = useApp();
  const language = useLanguage();
  const words = useScreens().settings;
  return (
    <Choice
      title={words.language}
      options={[
        ["ko", LANGUAGES.ko],
        ["en", LANGUAGES.en],
      ]}
      value={language}
      onChange={(next) => next !== language && app.speech.toggle()}
    />
  );
}
