/** JSON Schemas as a reader wants them: a type in one line, the fields as rows, an example. */
import type { Json, JsonObject } from "./json.ts";
import { listOf, objectOf, textOf } from "./json.ts";

export type Schemas = JsonObject;

/** A piece of a type: plain text, or the name of a schema that one can go to. */
export type TypePart = { text: string; to?: string };

export type Field = { name: string; type: TypePart[]; required: boolean; note: string };

/** The fields of an object, or those of each kind that it can be. */
export type Shape =
  | { kind: "fields"; fields: Field[] }
  | { kind: "variants"; variants: { type: TypePart[]; shape: Shape }[] }
  | { kind: "plain"; type: TypePart[]; note: string };

const REF = "#/components/schemas/";

/** The name that a reference means. */
export function nameOf(schema: JsonObject): string | undefined {
  const ref = textOf(schema["$ref"]);
  return ref.startsWith(REF) ? ref.slice(REF.length) : undefined;
}

export function shapeOf(schema: JsonObject, schemas: Schemas): Shape {
  const target = resolved(schema, schemas);
  const kinds = variantsOf(target);
  if (kinds.length > 0) {
    const variants = kinds.map((kind) => ({
      type: typeOf(kind),
      shape: nameOf(kind) === undefined ? shapeOf(kind, schemas) : NO_FIELDS,
    }));
    return variants.some(({ shape }) => shape.kind === "fields" && shape !== NO_FIELDS)
      ? { kind: "variants", variants }
      : { kind: "plain", type: typeOf(target), note: noteOf(target) };
  }
  const properties = Object.entries(objectOf(target["properties"]));
  if (properties.length === 0 && target["type"] !== "object") {
    return { kind: "plain", type: typeOf(target), note: noteOf(target) };
  }
  const required = listOf(target["required"]);
  const fields = properties.map(([name, value]): Field => {
    const property = objectOf(value);
    return {
      name,
      type: typeOf(property),
      required: required.includes(name),
      note: noteOf(resolved(property, schemas)),
    };
  });
  return { kind: "fields", fields };
}

const NO_FIELDS: Shape = { kind: "fields", fields: [] };

/** What a reference leads to. */
export function resolved(schema: JsonObject, schemas: Schemas): JsonObject {
  const name = nameOf(schema);
  return name === undefined ? schema : objectOf(schemas[name]);
}

function variantsOf(schema: JsonObject): JsonObject[] {
  return [...listOf(schema["oneOf"]), ...listOf(schema["anyOf"])].map(objectOf);
}

/** `Seq`, `string`, `"a" | "b"`, `UserId[]`, `{ [key]: UserId[] }`. */
export function typeOf(schema: JsonObject): TypePart[] {
  const name = nameOf(schema);
  if (name !== undefined) return [{ text: name, to: name }];
  if ("const" in schema) return [{ text: JSON.stringify(schema["const"]) }];
  const values = listOf(schema["enum"]);
  if (values.length > 0)
    return [{ text: values.map((value) => JSON.stringify(value)).join(" | ") }];
  const kinds = [...variantsOf(schema), ...listOf(schema["allOf"]).map(objectOf)];
  if (kinds.length > 0) return joined(kinds.map(typeOf), schema["allOf"] ? " & " : " | ");
  if (schema["type"] === "array") return listType(typeOf(objectOf(schema["items"])));
  if ("additionalProperties" in schema) {
    const inner = typeOf(objectOf(schema["additionalProperties"]));
    return [{ text: "{ [key]: " }, ...inner, { text: " }" }];
  }
  const type = schema["type"];
  const words = Array.isArray(type) ? type.map(textOf).join(" | ") : textOf(type);
  return [{ text: words === "" ? "any" : words }];
}

function listType(inner: TypePart[]): TypePart[] {
  return inner.length > 1 ? [{ text: "(" }, ...inner, { text: ")[]" }] : [...inner, { text: "[]" }];
}

function joined(parts: TypePart[][], by: string): TypePart[] {
  return parts.flatMap((part, index) => (index === 0 ? part : [{ text: by }, ...part]));
}

/** What the type does not say: bounds, format, default. */
export function noteOf(schema: JsonObject): string {
  const notes = [
    textOf(schema["description"]),
    bounds(schema["minLength"], schema["maxLength"], "characters"),
    bounds(schema["minItems"], schema["maxItems"], "items"),
    bounds(real(schema["minimum"]), real(schema["maximum"]), ""),
    textOf(schema["pattern"]),
    "default" in schema ? `default ${JSON.stringify(schema["default"])}` : "",
  ];
  return notes.filter((note) => note !== "").join(" · ");
}

/** The ends of what JSON counts exactly are no bound that anybody chose. */
function real(bound: Json | undefined): Json | undefined {
  return typeof bound === "number" && Math.abs(bound) >= Number.MAX_SAFE_INTEGER
    ? undefined
    : bound;
}

function bounds(from: Json | undefined, to: Json | undefined, unit: string): string {
  const low = typeof from === "number" ? from : undefined;
  const high = typeof to === "number" ? to : undefined;
  const count = (value: number): string => value.toLocaleString("en");
  if (low === undefined && high === undefined) return "";
  if (high === undefined) return `≥ ${count(low ?? 0)} ${unit}`.trim();
  if (low === undefined) return `≤ ${count(high)} ${unit}`.trim();
  return `${count(low)}–${count(high)} ${unit}`.trim();
}

/** What some well-known names look like. */
const KNOWN: Readonly<Record<string, Json>> = {
  UserId: "1523067181277184000",
  DeviceId: "1523067181277184001",
  SessionId: "1523067181277184002",
  MessageId: "1523067181277184003",
  ChannelId: "g1523067181277184004",
  ClientId: "01970000-0000-7000-8000-000000000001",
  FeedId: "f1",
  Time: "2026-01-01T00:00:00.000Z",
  TimeInput: "2026-01-01T00:00:00.000Z",
  Emoji: "👍",
  Body: "안녕",
  Seq: 1,
};
const DEPTH_MAX = 4;

/** A value that fits: required fields only below the top, so that it stays readable. */
export function exampleOf(schema: JsonObject, schemas: Schemas, depth: number = 0): Json {
  const name = nameOf(schema);
  const known = name === undefined ? undefined : KNOWN[name];
  if (known !== undefined) return known;
  const target = resolved(schema, schemas);
  if ("const" in target) return target["const"] ?? null;
  const [first] = listOf(target["enum"]);
  if (first !== undefined) return first;
  const [kind] = [...variantsOf(target), ...listOf(target["allOf"]).map(objectOf)];
  if (kind) return exampleOf(kind, schemas, depth + 1);
  if (target["type"] === "array") {
    return depth >= DEPTH_MAX ? [] : [exampleOf(objectOf(target["items"]), schemas, depth + 1)];
  }
  if (target["properties"]) return exampleObject(target, schemas, depth);
  return exampleScalar(target);
}

function exampleObject(target: JsonObject, schemas: Schemas, depth: number): Json {
  if (depth >= DEPTH_MAX) return {};
  const required = listOf(target["required"]);
  const entries = Object.entries(objectOf(target["properties"])).filter(
    ([name]) => required.includes(name) || depth === 0,
  );
  return Object.fromEntries(
    entries.map(([name, value]) => [name, exampleOf(objectOf(value), schemas, depth + 1)]),
  );
}

function exampleScalar(target: JsonObject): Json {
  switch (target["type"]) {
    case "integer":
    case "number":
      return Math.max(1, typeof target["minimum"] === "number" ? target["minimum"] : 1);
    case "boolean":
      return true;
    case "object":
      return {};
    default:
      return "text";
  }
}
