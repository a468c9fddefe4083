import type { VNode } from "preact";
import { Code } from "./code.tsx";
import { useReference, useWords } from "./context.ts";
import type { Answer, Call } from "./documents.ts";
import { pretty } from "./json.ts";
import { exampleOf, noteOf, resolved, typeOf } from "./schema.ts";
import { SchemaView, TypeView } from "./schema-view.tsx";
import { Entry, Section } from "./section.tsx";

export function Calls({ calls }: { calls: readonly Call[] }): VNode {
  const words = useWords();
  const { tags } = useReference();
  return (
    <Section id="calls" title={words.calls} hint={words.callsHint}>
      {tags
        .filter(({ name }) => calls.some(({ tag }) => tag === name))
        .map(({ name, description }) => (
          <div key={name} class="group" id={`tag-${name}`}>
            <h3>{name}</h3>
            <p class="hint">{description}</p>
            {calls
              .filter(({ tag }) => tag === name)
              .map((call) => (
                <CallEntry key={call.id} call={call} />
              ))}
          </div>
        ))}
    </Section>
  );
}

function CallEntry({ call }: { call: Call }): VNode {
  const words = useWords();
  const { schemas } = useReference();
  const head = (
    <>
      <span class={`method ${call.method.toLowerCase()}`}>{call.method}</span>
      <code class="path">{call.path}</code>
      <span class="summary">{call.summary}</span>
    </>
  );
  return (
    <Entry id={`call-${call.id}`} head={head}>
      {call.open && <p class="hint">{words.open}</p>}
      {call.parameters.length > 0 && <Parameters call={call} />}
      {call.body && (
        <>
          <h4>{words.body}</h4>
          <SchemaView schema={call.body} />
        </>
      )}
      <h4>{words.answers}</h4>
      {call.answers.map((answer) => (
        <AnswerView key={answer.status} answer={answer} />
      ))}
      <h4>{words.example}</h4>
      <Code
        name={`curl ${call.id}`}
        text={curlOf(call, call.body && pretty(exampleOf(call.body, schemas)))}
      />
    </Entry>
  );
}

function Parameters({ call }: { call: Call }): VNode {
  const words = useWords();
  const { schemas } = useReference();
  return (
    <>
      <h4>{words.parameters}</h4>
      <table class="fields">
        <tbody>
          {call.parameters.map(({ name, place, required, schema }) => (
            <tr key={name}>
              <th scope="row">
                <code>{name}</code>
                <small class={required ? "required" : ""}>
                  {required ? `${place}, ${words.required}` : place}
                </small>
              </th>
              <td>
                <TypeView parts={typeOf(schema)} />
              </td>
              <td>{noteOf(resolved(schema, schemas))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function AnswerView({ answer }: { answer: Answer }): VNode {
  const isGood = answer.status.startsWith("2");
  return (
    <div class={isGood ? "answer good" : "answer"}>
      <p>
        <strong>{answer.status}</strong> <Description text={answer.description} />
      </p>
      {isGood && answer.schema && <SchemaView schema={answer.schema} />}
    </div>
  );
}

/** Codes stand between backticks. */
function Description({ text }: { text: string }): VNode {
  return (
    <span>
      {text
        .split("`")
        .map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}
    </span>
  );
}

function curlOf(call: Call, body: string | undefined): string {
  const url = `${location.origin}${call.path}`;
  const lines = [`curl${call.method === "GET" ? "" : ` -X ${call.method}`} "${url}"`];
  if (!call.open) lines.push(`  -H "Authorization: Bearer $TOKEN"`);
  if (body !== undefined) lines.push(`  -d '${body}'`);
  return lines.join(" \\\n");
}
