/** What the server says about itself, OpenAPI 3.1 and AsyncAPI 3.0, as lists that can be shown and searched. */
import type { Json, JsonObject } from "./json.ts";
import { listOf, objectOf, textOf } from "./json.ts";
import type { Schemas } from "./schema.ts";

export type Parameter = { name: string; place: string; required: boolean; schema: JsonObject };
export type Answer = { status: string; description: string; schema: JsonObject | undefined };

export type Call = {
  id: string;
  method: string;
  path: string;
  summary: string;
  tag: string;
  open: boolean;
  parameters: Parameter[];
  body: JsonObject | undefined;
  answers: Answer[];
};

export type FrameGroup = "client" | "reply" | "event" | "ephemeral";
export type Frame = {
  /** Of the schema: `ClientSend`. */
  id: string;
  type: string;
  group: FrameGroup;
  schema: JsonObject;
  /** The type of the reply to a client's frame. */
  reply: string | undefined;
};

export type Reference = {
  version: string;
  tags: { name: string; description: string }[];
  calls: Call[];
  frames: Frame[];
  /** Shared objects by name; the bodies, answers and frames themselves stand with their call or frame. */
  objects: string[];
  schemas: Schemas;
};

const METHODS = ["get", "post", "put", "patch", "delete"] as const;

export function readDocuments(openApi: Json, asyncApi: Json): Reference {
  const http = objectOf(openApi);
  const socket = objectOf(asyncApi);
  const schemas = { ...schemasOf(socket), ...schemasOf(http) };
  const frames = framesOf(socket);
  const own = new Set(frames.map(({ id }) => id));
  return {
    version: textOf(objectOf(http["info"])["version"]),
    tags: listOf(http["tags"]).map((tag) => ({
      name: textOf(objectOf(tag)["name"]),
      description: textOf(objectOf(tag)["description"]),
    })),
    calls: callsOf(http),
    frames,
    objects: Object.keys(schemas)
      .filter((name) => !own.has(name) && !/.(Body|Answer|Path|Query)$/.test(name))
      .toSorted(),
    schemas,
  };
}

function schemasOf(document: JsonObject): Schemas {
  return objectOf(objectOf(document["components"])["schemas"]);
}

function callsOf(document: JsonObject): Call[] {
  return Object.entries(objectOf(document["paths"])).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = objectOf(item)[method];
      return operation === undefined ? [] : [callOf(method, path, objectOf(operation))];
    }),
  );
}

function callOf(method: string, path: string, operation: JsonObject): Call {
  return {
    id: textOf(operation["operationId"]),
    method: method.toUpperCase(),
    path,
    summary: textOf(operation["summary"]),
    tag: textOf(listOf(operation["tags"])[0]),
    open: listOf(operation["security"]).length === 0,
    parameters: listOf(operation["parameters"]).map((value) => {
      const parameter = objectOf(value);
      return {
        name: textOf(parameter["name"]),
        place: textOf(parameter["in"]),
        required: parameter["required"] === true,
        schema: objectOf(parameter["schema"]),
      };
    }),
    body: contentOf(operation["requestBody"]),
    answers: Object.entries(objectOf(operation["responses"])).map(([status, response]) => ({
      status,
      description: textOf(objectOf(response)["description"]),
      schema: contentOf(response),
    })),
  };
}

/** The schema of the first content type. */
function contentOf(holder: Json | undefined): JsonObject | undefined {
  const [content] = Object.values(objectOf(objectOf(holder)["content"]));
  return content === undefined ? undefined : objectOf(objectOf(content)["schema"]);
}

function framesOf(document: JsonObject): Frame[] {
  const replies = repliesOf(document);
  return Object.entries(objectOf(objectOf(document["components"])["messages"])).map(
    ([id, value]) => {
      const message = objectOf(value);
      return {
        id,
        type: textOf(message["name"]),
        group: groupOf(id),
        schema: objectOf(message["payload"]),
        reply: replies.get(id),
      };
    },
  );
}

function groupOf(id: string): FrameGroup {
  const groups = { Client: "client", Reply: "reply", Event: "event" } as const;
  for (const [prefix, group] of Object.entries(groups)) if (id.startsWith(prefix)) return group;
  return "ephemeral";
}

/** The reply that is not `error`, by the frame that it answers. */
function repliesOf(document: JsonObject): Map<string, string> {
  const messages = objectOf(objectOf(document["components"])["messages"]);
  const last = (value: Json): string => textOf(objectOf(value)["$ref"]).split("/").at(-1) ?? "";
  const replies = new Map<string, string>();
  for (const value of Object.values(objectOf(document["operations"]))) {
    const operation = objectOf(value);
    const [asked] = listOf(operation["messages"]).map(last);
    const [reply] = listOf(objectOf(operation["reply"])["messages"]).map(last);
    if (asked === undefined || reply === undefined) continue;
    replies.set(asked, textOf(objectOf(messages[reply])["name"]));
  }
  return replies;
}

/** Every word of `wanted` stands somewhere in the text. */
export function matches(wanted: string, ...texts: string[]): boolean {
  const text = texts.join(" ").toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
