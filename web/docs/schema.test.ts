import { describe, expect, test } from "bun:test";
import { asyncApiDocument } from "@damso/protocol/asyncapi";
import { openApiDocument } from "@damso/protocol/openapi";
import type { JsonObject } from "./json.ts";
import { matches, readDocuments } from "./documents.ts";
import { exampleOf, noteOf, shapeOf, typeOf } from "./schema.ts";

const reference = readDocuments(openApiDocument("1.2.3"), asyncApiDocument("1.2.3"));
const { schemas } = reference;
const words = (schema: JsonObject): string =>
  typeOf(schema)
    .map(({ text }) => text)
    .join("");
const ref = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });

describe("the server's own documents", () => {
  test("[P24] every call and every frame can be shown, with what it takes and gives", () => {
    expect(reference.version).toBe("1.2.3");
    const send = reference.calls.find(({ id }) => id === "sendMessage");
    expect(send).toMatchObject({ method: "POST", tag: "messages", open: false });
    expect(send?.path).toBe("/v1/channels/{channel_id}/messages");
    expect(send?.parameters).toMatchObject([{ name: "channel_id", place: "path", required: true }]);
    expect(send?.answers.map(({ status }) => status)).toContain("201");
    for (const call of reference.calls) {
      expect(reference.tags.map(({ name }) => name)).toContain(call.tag);
      expect(call.answers.length).toBeGreaterThan(1);
    }
    for (const { schema } of reference.frames) expect(shapeOf(schema, schemas).kind).toBe("fields");
  });

  test("[P10] a client's frame stands beside the reply that answers it", () => {
    const replies = reference.frames.map(({ type, reply }) => [type, reply]);
    expect(replies).toContainEqual(["send", "sent"]);
    expect(replies).toContainEqual(["ping", "pong"]);
    const groups = new Map(reference.frames.map(({ id, group }) => [id, group]));
    expect(groups.get("ReplySent")).toBe("reply");
    expect(groups.get("EventMessage")).toBe("event");
    expect(groups.get("EphemeralBye")).toBe("ephemeral");
  });

  test("objects are what calls and frames share", () => {
    expect(reference.objects).toContain("Message");
    expect(reference.objects).toContain("Body");
    expect(reference.objects).not.toContain("SendMessageBody");
    expect(reference.objects).not.toContain("ClientSend");
  });

  test("every example is of the shape that its schema says", () => {
    for (const { schema } of reference.frames) {
      const example = exampleOf(schema, schemas) as JsonObject;
      const shape = shapeOf(schema, schemas);
      const names = shape.kind === "fields" ? shape.fields.map(({ name }) => name) : [];
      expect(Object.keys(example)).toEqual(names);
    }
  });

  test("what a newer server says in another way is shown as nothing, not as a fault", () => {
    expect(readDocuments(null, [])).toMatchObject({ calls: [], frames: [], objects: [] });
    expect(exampleOf(ref("Gone"), {})).toBe("text");
  });
});

describe("a type in one line", () => {
  const types: [JsonObject, string][] = [
    [ref("Seq"), "Seq"],
    [{ const: "hello" }, '"hello"'],
    [{ enum: ["all", "me"] }, '"all" | "me"'],
    [{ type: "array", items: ref("UserId") }, "UserId[]"],
    [{ type: "array", items: { anyOf: [ref("UserId"), { const: "all" }] } }, '(UserId | "all")[]'],
    [{ type: "object", additionalProperties: { type: "integer" } }, "{ [key]: integer }"],
    [{ anyOf: [{ type: "string" }, { type: "null" }] }, "string | null"],
    [{ type: ["string", "null"] }, "string | null"],
    [{}, "any"],
  ];
  test("says what JSON Schema says", () => {
    for (const [schema, expected] of types) expect(words(schema)).toBe(expected);
  });

  test("bounds are told where somebody chose them", () => {
    expect(noteOf({ minLength: 1, maxLength: 100_000 })).toBe("1–100,000 characters");
    expect(noteOf({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })).toBe("≥ 0");
    expect(noteOf({ maxItems: 10, default: "all" })).toBe('≤ 10 items · default "all"');
    expect(noteOf({ minimum: -Number.MAX_SAFE_INTEGER })).toBe("");
  });

  test("the kinds of a thing are told one by one", () => {
    const shape = shapeOf(ref("PushSubscription"), schemas);
    expect(shape.kind).toBe("variants");
    expect(shape.kind === "variants" && shape.variants.length).toBe(3);
  });
});

test("a search finds what has all its words, in any case", () => {
  expect(matches("POST mess", "sendMessage", "POST /v1")).toBe(true);
  expect(matches("POST gone", "sendMessage", "POST /v1")).toBe(false);
  expect(matches("  ", "anything")).toBe(true);
});
