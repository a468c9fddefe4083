/** The wire contract: types, limits, codes and text rules. The schemas themselves are in `frames/`, `schema/` and `http/`. */
export * from "./codes.ts";
export * from "./ids.ts";
export * from "./limits.ts";
export * from "./socket.ts";
export * from "./text.ts";
export type * from "./frames/client.ts";
export type * from "./frames/events.ts";
export type * from "./frames/server.ts";
export type * from "./http/accounts.ts";
export type * from "./http/problem.ts";
export type * from "./http/routes.ts";
export type * from "./schema/account.ts";
export type * from "./schema/channel.ts";
export type * from "./schema/message.ts";
