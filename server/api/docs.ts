/** The server describes itself: OpenAPI of the calls, AsyncAPI of the socket. Rule P24. */
import { asyncApiDocument } from "@damso/protocol/asyncapi";
import { openApiDocument } from "@damso/protocol/openapi";
import type { Env, Hono } from "hono";
import { jsonResponse } from "./response.ts";

export function descriptions<E extends Env>(app: Hono<E>, version: string): void {
  serve(app, "/v1/openapi.json", () => openApiDocument(version));
  serve(app, "/v1/asyncapi.json", () => asyncApiDocument(version));
}

/** Made when somebody asks: most servers are never asked. */
function serve<E extends Env>(app: Hono<E>, path: string, make: () => object): void {
  let document: object | undefined;
  app.get(path, () => jsonResponse(200, (document ??= make())));
}
