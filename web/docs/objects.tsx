import { CLOSE, CODES } from "@damso/protocol/codes";
import type { VNode } from "preact";
import { useReference, useWords } from "./context.ts";
import { objectOf } from "./json.ts";
import { SchemaView } from "./schema-view.tsx";
import { Entry, Section } from "./section.tsx";

export function Objects({ names }: { names: readonly string[] }): VNode {
  const words = useWords();
  const { schemas } = useReference();
  return (
    <Section id="objects" title={words.objects} hint={words.objectsHint}>
      {names.map((name) => (
        <Entry key={name} id={`object-${name}`} head={<code class="path">{name}</code>}>
          <SchemaView schema={objectOf(schemas[name])} />
        </Entry>
      ))}
    </Section>
  );
}

export function Codes(): VNode {
  const words = useWords();
  return (
    <Section id="codes" title={words.codes} hint={words.codesHint}>
      <div class="wide-table" tabIndex={0} role="group" aria-label={words.codes}>
        <table class="grid">
          <thead>
            <tr>
              <th scope="col">{words.code}</th>
              <th scope="col">{words.status}</th>
              <th scope="col">{words.repeats}</th>
              <th scope="col">{words.meaning}</th>
            </tr>
          </thead>
          <tbody>
            {Object.entries(CODES).map(([code, { status, retry, meaning }]) => (
              <tr key={code}>
                <th scope="row">
                  <code>{code}</code>
                </th>
                <td>{status}</td>
                <td>{retry ? words.yes : words.no}</td>
                <td>{meaning}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <h3>{words.closeCodes}</h3>
      <ul class="closes">
        {Object.entries(CLOSE).map(([name, code]) => (
          <li key={name}>
            <code>{code}</code> {name.replaceAll("_", " ")}
          </li>
        ))}
      </ul>
    </Section>
  );
}
