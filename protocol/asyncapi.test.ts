import { expect, test } from "bun:test";
import asyncApiSchema from "@asyncapi/specs/schemas/3.0.0-without-$id.json";
import Ajv from "ajv";
import fc from "fast-check";
import { asyncApiDocument } from "./asyncapi.ts";
import type { JsonObject } from "./describe.ts";
import { danglingRefs, resolve, unusedSchemas } from "./describe.testing.ts";
import { anyFrame } from "./frames/arbitrary.testing.ts";
import { CLIENT_FRAMES, REPLY_OF } from "./frames/client.ts";
import { EVENTS } from "./frames/events.ts";
import { EPHEMERAL, REPLIES } from "./frames/server.ts";

const document = asyncApiDocument("1.2.3");
const operations = document["operations"] as Record<string, JsonObject>;
const ajv = (): Ajv => new Ajv({ strict: false, validateFormats: false, logger: false });

/** The frame types that an operation's messages lead to. */
function typesOf(messages: unknown): unknown[] {
  return (messages as { $ref: string }[]).map(({ $ref }) => {
    const inChannel = resolve(document, $ref) as { $ref: string };
    return (resolve(document, inChannel.$ref) as JsonObject)["name"];
  });
}

test("[P24] the description of the socket is valid AsyncAPI 3.0", () => {
  const validate = ajv().compile(asyncApiSchema);
  validate(document);
  expect(validate.errors ?? []).toEqual([]);
});

test("[P24] every reference of the socket's description resolves, and every schema is used", () => {
  expect(danglingRefs(document)).toEqual([]);
  expect(unusedSchemas(document)).toEqual([]);
});

test("[P24] every frame of either side is described", () => {
  const tables = [CLIENT_FRAMES, REPLIES, EVENTS, EPHEMERAL];
  const types = tables.flatMap((table) => Object.keys(table));
  const messages = resolve(document, "#/components/messages") as Record<string, JsonObject>;
  expect(Object.values(messages).map((message) => message["name"])).toEqual(types);
});

test("[P10] the description names the reply of each frame", () => {
  const received = Object.values(operations).filter((row) => row["action"] === "receive");
  const replies = received.map(({ messages, reply }) => [
    ...typesOf(messages),
    ...typesOf((reply as JsonObject)["messages"]),
  ]);
  const expected = Object.entries(REPLY_OF).map(([type, reply]) => [type, reply, "error"]);
  expect(replies).toEqual(expected);
});

test("[P13] the description says what the server sends without being asked", () => {
  const sent = Object.values(operations).filter((row) => row["action"] === "send");
  expect(sent.flatMap(({ messages }) => typesOf(messages))).toEqual([
    ...Object.keys(EVENTS),
    ...Object.keys(EPHEMERAL),
  ]);
});

test("[P24] what the server accepts as a frame, its description accepts", () => {
  const validator = ajv().addSchema({ $id: "damso", ...document });
  const schemas = resolve(document, "#/components/schemas") as JsonObject;
  const byType = new Map<string, (frame: unknown) => unknown>();
  for (const name of Object.keys(schemas).filter((key) => key.startsWith("Client"))) {
    const schema = schemas[name] as { properties?: { type?: { const: string } } };
    const is = validator.getSchema(`damso#/components/schemas/${name}`);
    if (schema.properties?.type && is) byType.set(schema.properties.type.const, is);
  }
  expect(byType.size).toBe(Object.keys(CLIENT_FRAMES).length);
  fc.assert(
    fc.property(anyFrame, (frame) => expect(byType.get(frame.type)?.(frame)).toBe(true)),
    { numRuns: 300 },
  );
});

test("[P24] the same version gives the same description of the socket", () => {
  expect(JSON.stringify(asyncApiDocument("1.2.3"))).toBe(JSON.stringify(document));
});
