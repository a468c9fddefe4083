/** Rows of settings and sheets: they look alike wherever they stand. */
import type { ComponentChildren, VNode } from "preact";
import { useId, useState } from "preact/hooks";
import type { IconName } from "../icons.tsx";
import { Icon } from "../icons.tsx";

type SectionProps = { title?: string; hint?: string; children: ComponentChildren };

export function Section({ title, hint, children }: SectionProps): VNode {
  const heading = useId();
  return (
    <section class="section" aria-labelledby={title === undefined ? undefined : heading}>
      {title !== undefined && <h3 id={heading}>{title}</h3>}
      <div class="section-box">{children}</div>
      {hint !== undefined && <p class="section-hint">{hint}</p>}
    </section>
  );
}

type RowProps = {
  icon?: IconName;
  title: string;
  /** Under the title. */
  hint?: string | undefined;
  /** At the end: what is set now. */
  value?: string | undefined;
  danger?: boolean;
  /** Leads to a further page. */
  leads?: boolean;
  /** A name for finding the row again. */
  mark?: string;
  disabled?: boolean;
  onClick: () => void;
};

export function Row(props: RowProps): VNode {
  const { icon, title, hint, value, danger, leads, mark, disabled, onClick } = props;
  return (
    <button
      type="button"
      class={`item${danger === true ? " danger" : ""}`}
      data-mark={mark}
      disabled={disabled}
      onClick={onClick}
    >
      {icon !== undefined && <Icon name={icon} />}
      <span class="item-name">
        {title}
        {hint !== undefined && <small>{hint}</small>}
      </span>
      {value !== undefined && <span class="item-value">{value}</span>}
      {leads === true && <Icon name="next" />}
    </button>
  );
}

type SwitchProps = {
  title: string;
  hint?: string;
  on: boolean;
  disabled?: boolean;
  /** Undefined, or true when it is done: until then the switch stands where it was put. */
  onChange: (on: boolean) => void | Promise<boolean>;
};

export function Switch({ title, hint, on, disabled, onChange }: SwitchProps): VNode {
  const [asked, setAsked] = useState<boolean>();
  async function change(wanted: boolean): Promise<void> {
    setAsked(wanted);
    await onChange(wanted);
    setAsked(undefined);
  }
  return (
    <label class="item">
      <span class="item-name">
        {title}
        {hint !== undefined && <small>{hint}</small>}
      </span>
      <input
        type="checkbox"
        role="switch"
        class="switch"
        checked={asked ?? on}
        disabled={disabled}
        onChange={(event) => void change(event.currentTarget.checked)}
      />
    </label>
  );
}

type ChoiceProps<T extends string> = {
  title: string;
  hint?: string;
  options: readonly (readonly [value: T, word: string])[];
  value: T | undefined;
  onChange: (value: T) => void;
};

/** One of a few: radio buttons, so that the arrow keys move between them. */
export function Choice<T extends string>(props: ChoiceProps<T>): VNode {
  const { title, hint, options, value, onChange } = props;
  const name = useId();
  return (
    <fieldset class="section">
      <legend>{title}</legend>
      <div class="section-box">
        {options.map(([option, word]) => (
          <label key={option} class="item">
            <span class="item-name">{word}</span>
            <input
              type="radio"
              name={name}
              value={option}
              checked={option === value}
              onChange={() => onChange(option)}
            />
            <Icon name="check" />
          </label>
        ))}
      </div>
      {hint !== undefined && <p class="section-hint">{hint}</p>}
    </fieldset>
  );
}
