import { expect, test } from "bun:test";
import type * as v from "valibot";
import { isErrorCode } from "../codes.ts";
import { CLIENT_FRAMES, REPLY_OF } from "../frames/client.ts";
import type { ClientFrameType } from "../frames/client.ts";
import { REPLIES } from "../frames/server.ts";
import { refusalsOf } from "./route.ts";
import type { Route } from "./route.ts";
import { ROUTES } from "./routes.ts";
import type { Operation } from "./routes.ts";

const routes: [string, Route][] = Object.entries(ROUTES);

/** The HTTP calls of each socket command; none for what only a connection needs. */
const TWINS: Record<ClientFrameType, readonly Operation[]> = {
  hello: [],
  send: ["sendMessage"],
  edit: ["editMessage"],
  delete: ["deleteMessage"],
  react: ["addReaction", "removeReaction"],
  pin: ["pin", "unpin"],
  read: ["readChannel"],
  set: ["patchOwnSettings"],
  ack: [],
  sync: ["getFeed"],
  history: ["getMessages"],
  channels: ["listChannels"],
  open: ["openChannel"],
  close: [],
  watch: ["getPresence"],
  typing: ["typing"],
  ping: [],
};
/** Fields that the path, the method or the connection says over HTTP, or that have another name there. */
const IMPLIED = ["type", "id", "on", "feed"];
const RENAMED: Record<string, string> = { channel: "channel_id" };

const entriesOf = (schema: v.GenericSchema | null): string[] =>
  schema && "entries" in schema ? Object.keys(schema.entries as object) : [];

test("[P19] every socket command has a call with the same fields", () => {
  for (const [type, operations] of Object.entries(TWINS)) {
    const fields = entriesOf(CLIENT_FRAMES[type as ClientFrameType])
      .filter((field) => !IMPLIED.includes(field))
      .map((field) => RENAMED[field] ?? field);
    for (const operation of operations) {
      const { params, query, body }: Route = ROUTES[operation];
      const given = [params, query, body].flatMap(entriesOf);
      expect(fields.filter((field) => !given.includes(field))).toEqual([]);
    }
  }
});

test("[P19] pages, acknowledgements and lists are answered with the fields of the reply", () => {
  for (const type of ["send", "sync", "history", "channels", "open"] as const) {
    const reply = entriesOf(REPLIES[REPLY_OF[type]]).filter(
      (field) => field !== "type" && field !== "id",
    );
    for (const operation of TWINS[type]) {
      const { answer }: Route = ROUTES[operation];
      expect(entriesOf(answer.schema).toSorted()).toEqual(reply.toSorted());
    }
  }
});

test("[P19] each operation is found under its own name, and no two share method and path", () => {
  for (const [name, route] of routes) expect(route.operation).toBe(name);
  const calls = routes.map(([, { method, path }]) => `${method} ${path.replace(/\{\w+\}/g, "{}")}`);
  expect(new Set(calls).size).toBe(calls.length);
});

test("[P22] the parameters of a path are those of its schema", () => {
  for (const [, route] of routes) {
    const named = [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
    expect(entriesOf(route.params).toSorted()).toEqual(named.toSorted());
    if (route.method === "GET") expect(route.body).toBeNull();
  }
});

test("[P18] every call may only be refused with codes of the table", () => {
  for (const [, route] of routes) {
    const codes = refusalsOf(route);
    expect(codes.every(isErrorCode)).toBe(true);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.includes("unauthenticated") || route.auth === "none").toBe(true);
    expect(route.answer.status === 204).toBe(route.answer.schema === null);
  }
});
