import { expect, test } from "bun:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import Ajv from "ajv";
import fc from "fast-check";
import { CODES } from "./codes.ts";
import type { JsonObject } from "./describe.ts";
import { danglingRefs, resolve, unusedSchemas } from "./describe.testing.ts";
import { FRAME_ARBITRARIES } from "./frames/arbitrary.testing.ts";
import { MEDIA_CALLS } from "./http/media-paths.ts";
import { refusalsOf } from "./http/route.ts";
import type { Route } from "./http/route.ts";
import { ROUTES } from "./http/routes.ts";
import { openApiDocument } from "./openapi.ts";

const document = openApiDocument("1.2.3");
const operationOf = (route: Route): JsonObject =>
  (document["paths"] as Record<string, JsonObject>)[route.path]?.[
    route.method.toLowerCase()
  ] as JsonObject;
const routes: Route[] = Object.values(ROUTES);

test("[P24] the description of the calls is valid OpenAPI 3.1", async () => {
  const validator = new Validator();
  const result = await validator.validate(structuredClone(document));
  expect(result).toEqual({ valid: true });
  expect(validator.version).toBe("3.1");
});

test("[P24] every reference resolves, and every schema is used", () => {
  expect(danglingRefs(document)).toEqual([]);
  expect(unusedSchemas(document)).toEqual([]);
});

test("[P24] every call is described under its operation's name", () => {
  for (const route of routes) expect(operationOf(route)["operationId"]).toBe(route.operation);
  const described = Object.values(document["paths"] as Record<string, JsonObject>).flatMap((path) =>
    Object.keys(path),
  );
  expect(described.length).toBe(routes.length + MEDIA_CALLS.length);
});

test("[P18] each code of a call stands under its status as a problem document", () => {
  for (const route of routes) {
    const responses = operationOf(route)["responses"] as Record<string, JsonObject>;
    for (const code of refusalsOf(route)) {
      const response = responses[CODES[code].status];
      expect(JSON.stringify(response)).toContain(`\`${code}\``);
      expect(Object.keys(response?.["content"] as JsonObject)).toEqual([
        "application/problem+json",
      ]);
    }
  }
});

test("[P24] numbers, lists and defaults of a query are described as what they mean", () => {
  const parameter = (operation: keyof typeof ROUTES, name: string): JsonObject | undefined =>
    (operationOf(ROUTES[operation])["parameters"] as JsonObject[]).find(
      (row) => row["name"] === name,
    );
  expect(parameter("getFeed", "wait")).toEqual({
    name: "wait",
    in: "query",
    required: false,
    schema: { type: "integer", minimum: 0, maximum: 30 },
  });
  expect(parameter("getFeed", "active")).toEqual({
    name: "active",
    in: "query",
    required: false,
    schema: { type: "boolean" },
  });
  expect(parameter("getMessage", "seq")).toMatchObject({ required: true, in: "path" });
  expect(parameter("getPresence", "users")).toMatchObject({ style: "form", explode: false });
  expect(parameter("deleteMessage", "for")).toMatchObject({
    required: false,
    schema: { enum: ["all", "me"], default: "all" },
  });
});

test("[P24] a text's description counts its length as the protocol does", () => {
  expect(resolve(document, "#/components/schemas/Body")).toMatchObject({
    type: "string",
    minLength: 1,
    maxLength: 100_000,
  });
});

test("[P24] what the server accepts as a message, its description accepts", () => {
  const ajv = new Ajv({ strict: false, validateFormats: false, logger: false });
  ajv.addSchema({ $id: "damso", ...document });
  const isBody = ajv.getSchema("damso#/components/schemas/SendMessageBody");
  if (!isBody) throw new Error("the schema is missing");
  fc.assert(fc.property(FRAME_ARBITRARIES.send, (body) => expect(isBody(body)).toBe(true)));
});

test("[P24] the same version gives the same description", () => {
  expect(JSON.stringify(openApiDocument("1.2.3"))).toBe(JSON.stringify(document));
  expect(openApiDocument("2.0.0")["info"]).toMatchObject({ version: "2.0.0" });
});
