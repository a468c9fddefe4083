/** The OpenAPI 3.1 description of the HTTP calls, built from the route table. Rule P24. */
import type * as v from "valibot";
import { capitalised, describe } from "./describe.ts";
import type { Described, JsonObject } from "./describe.ts";
import { COOKIES } from "./http/accounts.ts";
import { failures, SECURITY } from "./http/described.ts";
import { UploadedSchema } from "./http/media.ts";
import { mediaPaths } from "./http/media-paths.ts";
import { ProblemSchema } from "./http/problem.ts";
import { refusalsOf, TAGS } from "./http/route.ts";
import type { Route } from "./http/route.ts";
import { ROUTES } from "./http/routes.ts";

const routes: readonly Route[] = Object.values(ROUTES);

/** The description of this version of the server. The same argument gives the same document, so callers keep it. */
export function openApiDocument(version: string): JsonObject {
  const described = describe([
    ...routes.flatMap(ownSchemas),
    ["UploadMediaAnswer", UploadedSchema],
  ]);
  const paths: Record<string, JsonObject> = {};
  for (const route of routes) {
    const path = (paths[route.path] ??= {});
    path[route.method.toLowerCase()] = operation(route, described);
  }
  Object.assign(paths, mediaPaths(described));
  return {
    openapi: "3.1.0",
    info: {
      title: "Damso",
      version,
      description:
        "Every call that a Damso server answers over HTTP. Errors are RFC 9457 documents.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: described.reached(paths),
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
        cookie: { type: "apiKey", in: "cookie", name: COOKIES.access },
        admin: {
          type: "http",
          scheme: "bearer",
          description: "The token that the server was started with",
        },
      },
    },
  };
}

/** Parameters, body and answer of a call, named after its operation. */
function ownSchemas(route: Route): [name: string, schema: v.GenericSchema][] {
  const name = capitalised(route.operation);
  const own: [string, v.GenericSchema][] = [
    [`${name}Path`, route.params],
    [`${name}Query`, route.query],
  ];
  if (route.body) own.push([`${name}Body`, route.body]);
  if (route.answer.schema) own.push([`${name}Answer`, route.answer.schema]);
  return own;
}

function operation(route: Route, described: Described): JsonObject {
  const { body } = route;
  return {
    operationId: route.operation,
    summary: route.summary,
    tags: [route.tag],
    security: SECURITY[route.auth],
    parameters: [
      ...parameters("path", described.of(route.params)),
      ...parameters("query", described.of(route.query)),
    ],
    ...(body && {
      requestBody: {
        required: required(described.of(body)).length > 0,
        content: { "application/json": { schema: described.ref(body) } },
      },
    }),
    responses: {
      ...success(route, described),
      ...failures(refusalsOf(route), described.ref(ProblemSchema)),
    },
  };
}

const required = (schema: JsonObject): string[] => (schema["required"] ?? []) as string[];

function parameters(location: "path" | "query", schema: JsonObject): JsonObject[] {
  const needed = required(schema);
  const properties = Object.entries((schema["properties"] ?? {}) as Record<string, JsonObject>);
  return properties.map(([name, property]) => ({
    name,
    in: location,
    required: needed.includes(name),
    schema: property,
    // A list is one parameter with commas.
    ...(property["type"] === "array" && { style: "form", explode: false }),
  }));
}

function success(route: Route, described: Described): JsonObject {
  const { status, schema } = route.answer;
  if (schema === null) return { [status]: { description: "Done" } };
  return {
    [status]: {
      description: status === 201 ? "Created, or created before by the same request" : "Done",
      content: { "application/json": { schema: described.ref(schema) } },
    },
  };
}
