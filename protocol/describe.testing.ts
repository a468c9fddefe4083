/** Checks that both API descriptions share. */
import type { Json, JsonObject } from "./describe.ts";

/** Every `$ref` of a document. */
export function refsOf(document: Json): string[] {
  return [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
    (match) => match[1] ?? "",
  );
}

/** What a local reference points at, or undefined. */
export function resolve(document: JsonObject, ref: string): Json | undefined {
  let at: Json | undefined = document;
  for (const part of ref.replace(/^#\//, "").split("/")) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof at !== "object" || at === null || Array.isArray(at)) return undefined;
    at = at[key];
  }
  return at;
}

export function danglingRefs(document: JsonObject): string[] {
  return refsOf(document).filter((ref) => resolve(document, ref) === undefined);
}

/** Named schemas that nothing in the document uses. */
export function unusedSchemas(document: JsonObject): string[] {
  const schemas = resolve(document, "#/components/schemas") as JsonObject;
  const used = new Set(refsOf(document));
  return Object.keys(schemas).filter((name) => !used.has(`#/components/schemas/${name}`));
}
