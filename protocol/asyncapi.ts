/** The AsyncAPI 3.0 description of the socket, built from the frame tables. Rule P24. */
import type * as v from "valibot";
import { describe, framesNamed } from "./describe.ts";
import type { Described, JsonObject } from "./describe.ts";
import { CLIENT_FRAMES, REPLY_OF } from "./frames/client.ts";
import { EVENTS } from "./frames/events.ts";
import { EPHEMERAL, REPLIES } from "./frames/server.ts";
import { SOCKET_PATH, SUBPROTOCOL } from "./socket.ts";

const GROUPS = [
  ["Client", CLIENT_FRAMES],
  ["Reply", REPLIES],
  ["Event", EVENTS],
  ["Ephemeral", EPHEMERAL],
] as const;
const FRAMES = GROUPS.flatMap(([group, frames]) =>
  framesNamed<string>(group, frames).map(([name, schema]) => ({ group, name, schema })),
);

/** The description of this version of the server. The same argument gives the same document, so callers keep it. */
export function asyncApiDocument(version: string): JsonObject {
  const described = describe(FRAMES.map(({ name, schema }) => [name, schema]));
  const messages = Object.fromEntries(
    FRAMES.map(({ name, schema }) => [name, message(schema, described)]),
  );
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Damso",
      version,
      description: "The frames of a Damso server's socket: JSON objects, one a text frame.",
      license: { name: "Apache-2.0" },
    },
    defaultContentType: "application/json",
    channels: { socket: channel() },
    operations: { ...received(), ...sent() },
    components: { messages, schemas: described.reached(messages) },
  };
}

function channel(): JsonObject {
  return {
    address: SOCKET_PATH,
    description: `One WebSocket a device, subprotocol ${SUBPROTOCOL}; the first frame is hello.`,
    messages: Object.fromEntries(
      FRAMES.map(({ name }) => [name, { $ref: `#/components/messages/${name}` }]),
    ),
    bindings: { ws: { method: "GET", bindingVersion: "0.1.0" } },
  };
}

function message(schema: v.GenericSchema, described: Described): JsonObject {
  const properties = described.of(schema)["properties"] as { type: { const: string } };
  return { name: properties.type.const, payload: described.ref(schema) };
}

const CHANNEL = { $ref: "#/channels/socket" };
const inChannel = (name: string): JsonObject => ({ $ref: `#/channels/socket/messages/${name}` });
const nameOf = (schema: v.GenericSchema): string =>
  FRAMES.find((frame) => frame.schema === schema)?.name ?? "";

/** What the server receives: one operation a client frame, answered on the same socket. */
function received(): JsonObject {
  const operations: JsonObject = {};
  for (const [type, replyType] of Object.entries(REPLY_OF)) {
    const name = nameOf(CLIENT_FRAMES[type as keyof typeof REPLY_OF]);
    operations[`receive${name}`] = {
      action: "receive",
      channel: CHANNEL,
      messages: [inChannel(name)],
      reply: {
        channel: CHANNEL,
        messages: [nameOf(REPLIES[replyType]), nameOf(REPLIES.error)].map(inChannel),
      },
    };
  }
  return operations;
}

/** What the server sends without being asked. */
function sent(): JsonObject {
  const unasked = FRAMES.filter(({ group }) => group === "Event" || group === "Ephemeral");
  return Object.fromEntries(
    unasked.map(({ name }) => [
      `send${name}`,
      { action: "send", channel: CHANNEL, messages: [inChannel(name)] },
    ]),
  );
}
