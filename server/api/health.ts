/** For whoever runs the server: alive, ready to serve, and in numbers. */
import type { Env, Hono } from "hono";
import type { ApiDeps } from "./deps.ts";
import { jsonResponse } from "./response.ts";

/** `/healthz` says that the process answers, `/readyz` whether clients are to be sent here, `/metrics` how it is. */
export function health<E extends Env>(
  app: Hono<E>,
  deps: Pick<ApiDeps, "unready" | "metrics">,
): void {
  app.get("/healthz", () => jsonResponse(200, { status: "ok" }));
  app.get("/readyz", async () => {
    const reasons = await deps.unready();
    const ready = reasons.length === 0;
    return jsonResponse(
      ready ? 200 : 503,
      ready ? { status: "ready" } : { status: "unready", reasons },
    );
  });
  app.get("/metrics", async () => {
    const { body, type } = await deps.metrics();
    return new Response(body, { headers: { "content-type": type, "cache-control": "no-store" } });
  });
}
