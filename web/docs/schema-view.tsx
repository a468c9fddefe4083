import type { VNode } from "preact";
import { useReference, useWords } from "./context.ts";
import type { JsonObject } from "./json.ts";
import type { Field, Shape, TypePart } from "./schema.ts";
import { shapeOf } from "./schema.ts";

/** The fields of a schema; a schema that only has a name is a link to it. */
export function SchemaView({ schema, without }: { schema: JsonObject; without?: string }): VNode {
  const { schemas } = useReference();
  return <ShapeView shape={shapeOf(schema, schemas)} without={without} />;
}

function ShapeView({ shape, without }: { shape: Shape; without: string | undefined }): VNode {
  const words = useWords();
  switch (shape.kind) {
    case "plain":
      return (
        <p class="plain">
          <TypeView parts={shape.type} /> {shape.note}
        </p>
      );
    case "fields":
      return <Fields fields={shape.fields.filter(({ name }) => name !== without)} />;
    case "variants":
      return (
        <div class="variants">
          <p>{words.oneOf}</p>
          {shape.variants.map(({ type, shape: inner }, index) => (
            <div key={index} class="variant">
              {inner.kind === "fields" && inner.fields.length > 0 ? (
                <Fields fields={inner.fields} />
              ) : (
                <TypeView parts={type} />
              )}
            </div>
          ))}
        </div>
      );
  }
}

function Fields({ fields }: { fields: readonly Field[] }): VNode | null {
  const words = useWords();
  if (fields.length === 0) return null;
  return (
    <table class="fields">
      <thead class="hidden">
        <tr>
          <th scope="col">{words.field}</th>
          <th scope="col">{words.type}</th>
          <th scope="col">{words.rules}</th>
        </tr>
      </thead>
      <tbody>
        {fields.map(({ name, type, required, note }) => (
          <tr key={name}>
            <th scope="row">
              <code>{name}</code>
              {required && <small class="required">{words.required}</small>}
            </th>
            <td>
              <TypeView parts={type} />
            </td>
            <td>{note}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function TypeView({ parts }: { parts: readonly TypePart[] }): VNode {
  const { objects } = useReference();
  return (
    <code class="type">
      {parts.map(({ text, to }, index) =>
        to !== undefined && objects.includes(to) ? (
          <a key={index} href={`#object-${to}`}>
            {text}
          </a>
        ) : (
          <span key={index}>{text}</span>
        ),
      )}
    </code>
  );
}
