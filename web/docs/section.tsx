import type { ComponentChildren, VNode } from "preact";

type Props = { id: string; title: string; hint?: string; children: ComponentChildren };

export function Section({ id, title, hint, children }: Props): VNode {
  return (
    <section id={id} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      {hint !== undefined && <p class="hint">{hint}</p>}
      {children}
    </section>
  );
}

type EntryProps = { id: string; head: ComponentChildren; children: ComponentChildren };

/** One thing of the reference: closed until asked for, or until a link leads to it. */
export function Entry({ id, head, children }: EntryProps): VNode {
  return (
    <details id={id} class="entry">
      <summary>{head}</summary>
      <div class="inside">{children}</div>
    </details>
  );
}
