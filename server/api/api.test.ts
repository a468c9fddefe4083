import { beforeEach, describe, expect, test } from "bun:test";
import { until } from "@damso/contracts/until";
import { done } from "@damso/core/result";
import { LIMITS } from "@damso/protocol/limits";
import { MEDIA_CALLS } from "@damso/protocol/http/media-paths";
import { ROUTES } from "@damso/protocol/http/routes";
import type { Identity } from "../gateway/types.ts";
import { CHANNEL, CLIENT_ID, SENT } from "./records.testing.ts";
import { ANN, createScene, HOST } from "./scene.testing.ts";
import type { Bytes, Scene } from "./scene.testing.ts";

const MESSAGES = `/v1/channels/${CHANNEL}/messages`;

let scene: Scene;
let ann: Identity;
async function start(next: Scene): Promise<void> {
  scene = next;
  ann = await scene.join(ANN, "ann");
  scene.answering.send = () => done(SENT);
}
beforeEach(() => start(createScene()));

describe("paths and methods", () => {
  test("[P18] an unknown path is a not_found document", async () => {
    for (const path of ["/v1/nothing", "/v2/me", "/nothing", "/v1/me/", "/v1//me"]) {
      const { status, body } = await scene.call("GET", path, { as: ann });
      expect([status, body["code"]]).toEqual([404, "not_found"]);
    }
    expect((await scene.call("POST", "/v1/nothing")).status).toBe(404);
  });

  test("[P18] a method that a path does not have is 405, with those that it has", async () => {
    const cases: [string, string, string][] = [
      ["PUT", "/v1/me", "GET, PATCH, DELETE"],
      ["GET", "/v1/login", "POST"],
      ["POST", `${MESSAGES}/3`, "GET, PATCH, DELETE"],
      ["DELETE", "/healthz", "GET"],
      ["POST", "/v1/openapi.json", "GET"],
    ];
    for (const [method, path, allow] of cases) {
      const got = await scene.call(method, path, { as: ann });
      expect([got.status, got.headers.get("allow")]).toEqual([405, allow]);
    }
  });

  test("[P24] the description lists exactly the calls that are answered", async () => {
    const { body } = await scene.call("GET", "/v1/openapi.json");
    const paths = body["paths"] as Record<string, Record<string, { operationId: string }>>;
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(
        ([method, { operationId }]) => `${method} ${path} ${operationId}`,
      ),
    );
    const table = Object.values(ROUTES).map(
      ({ operation, method, path }) => `${method.toLowerCase()} ${path} ${operation}`,
    );
    expect(new Set(described)).toEqual(new Set([...table, ...MEDIA_CALLS]));
    for (const { operation, method, path } of Object.values(ROUTES)) {
      const filled = path.replaceAll(/\{\w+\}/g, "x");
      const { status, body: answer } = await scene.call(method, filled);
      const found = status !== 405 && !(status === 404 && answer["detail"] === "no such path");
      expect([operation, found]).toEqual([operation, true]);
    }
  });

  test("[P24] the socket is described too", async () => {
    const { body } = await scene.call("GET", "/v1/asyncapi.json");
    expect(body["asyncapi"]).toBe("3.0.0");
  });

  test("HEAD is GET without the content", async () => {
    const got = await scene.call("HEAD", "/healthz");
    expect([got.status, got.headers.get("content-type")]).toEqual([200, "application/json"]);
  });
});

describe("bodies", () => {
  const send = (bytes: Bytes, headers: Record<string, string> = {}) =>
    scene.call("POST", MESSAGES, { as: ann, bytes, headers });
  const valid = JSON.stringify({ client_id: CLIENT_ID, body: "a" });

  test("[P11] what is not JSON in UTF-8 is invalid", async () => {
    const faults: Bytes[] = [
      "",
      "{",
      "nope",
      `${valid}x`,
      new Uint8Array([0x22, 0xff, 0x22]),
      "[]",
      "null",
      "7",
      '"a"',
    ];
    for (const bytes of faults) expect((await send(bytes)).body["code"]).toBe("invalid");
    expect(scene.asked).toEqual([]);
  });

  test("[P11] JSON is taken whatever it is called", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/json"]) {
      expect((await send(valid, { "content-type": type })).status).toBe(201);
    }
  });

  test("[P20] a body over 2 MiB is too_large, announced or not, and one of 2 MiB is read", async () => {
    const padded = (size: number): string => valid.padEnd(size, " ");
    expect((await send(padded(LIMITS.frame_bytes_max))).status).toBe(201);
    const large = padded(LIMITS.frame_bytes_max + 1);
    expect((await send(large)).status).toBe(413);
    expect((await send(new Blob([large]).stream())).status).toBe(413);
    const announced = { "content-length": String(LIMITS.frame_bytes_max + 1) };
    expect((await send(valid, announced)).body["code"]).toBe("too_large");
  });

  test("[P11] a body that breaks off is invalid, not a failure", async () => {
    const broken = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(new Error("gone")),
    });
    expect((await send(broken)).body["code"]).toBe("invalid");
  });

  test("a body is not read for somebody who may not send it", async () => {
    let pulled = false;
    const body = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          pulled = true;
          controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    const answer = await scene.call("POST", MESSAGES, { bytes: body });
    expect([answer.status, pulled]).toEqual([401, false]);
  });
});

describe("failures", () => {
  test("[P18] a bug is a 500 with an id that the log has too, and says nothing else", async () => {
    scene.answering.send = () => {
      throw new Error("secret detail");
    };
    const body = { client_id: CLIENT_ID, body: "a" };
    const got = await scene.call("POST", MESSAGES, { as: ann, body });
    expect([got.status, got.body["code"]]).toEqual([500, "unavailable"]);
    expect(JSON.stringify(got.body)).not.toContain("secret");
    const [line] = scene.logged;
    expect(String(got.headers.get("x-request-id"))).toHaveLength(36);
    expect(line?.fields?.["request_id"]).toBe(got.headers.get("x-request-id"));
  });

  test("[P21] a store that cannot answer says whether it tried", async () => {
    for (const code of ["busy", "unavailable"] as const) {
      scene.accounts.contacts.list = async () => {
        throw Object.assign(new Error("disk full"), { code });
      };
      const got = await scene.call("GET", "/v1/contacts", { as: ann });
      expect([got.status, got.body["code"], got.headers.get("retry-after")]).toEqual([
        503,
        code,
        "1",
      ]);
    }
  });

  test("[P21] what is not answered in time is unavailable, and is told to stop", async () => {
    const due: (() => void)[] = [];
    const after = (_ms: number, run: () => void) => {
      due.push(run);
      return () => {};
    };
    await start(createScene({ timers: { after, soon: queueMicrotask } }));
    const heard: ({ aborted: boolean } | undefined)[] = [];
    scene.deps.bus.request = (_command, signal) => {
      heard.push(signal);
      return new Promise(() => {});
    };
    const body = { client_id: CLIENT_ID, body: "a" };
    const answer = scene.call("POST", MESSAGES, { as: ann, body });
    await until(() => heard.length > 0, "a request");
    for (const run of due) run();
    expect((await answer).body["code"]).toBe("unavailable");
    expect(heard.map((signal) => signal?.aborted)).toEqual([true]);
  });
});

describe("other origins", () => {
  test("may call with a bearer token, never with cookies", async () => {
    const got = await scene.call("GET", "/v1/me", {
      as: ann,
      headers: { origin: "https://a.example" },
    });
    expect(got.headers.get("access-control-allow-origin")).toBe("*");
    expect(got.headers.has("access-control-allow-credentials")).toBe(false);
  });

  test("are told so when they ask before", async () => {
    const headers = {
      origin: "https://a.example",
      "access-control-request-method": "PUT",
      "access-control-request-headers": "authorization",
    };
    const request = new Request(`http://${HOST}${MESSAGES}/3/pin`, { method: "OPTIONS", headers });
    const response = await scene.api.fetch(request);
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-methods")).toContain("PUT");
    expect(response.headers.get("access-control-allow-headers")).toContain("Authorization");
    expect(response.headers.has("access-control-allow-credentials")).toBe(false);
  });

  test("no answer is kept by anyone on the way", async () => {
    const { headers } = await scene.call("GET", "/v1/me", { as: ann });
    expect(headers.get("cache-control")).toBe("no-store");
  });
});

describe("health", () => {
  test("alive, ready, and in numbers", async () => {
    expect((await scene.call("GET", "/healthz")).body).toEqual({ status: "ok" });
    expect((await scene.call("GET", "/readyz")).body).toEqual({ status: "ready" });
    const metrics = await scene.call("GET", "/metrics");
    expect(metrics.body).toEqual({ text: "damso_up 1\n" });
    expect(metrics.headers.get("content-type")).toStartWith("text/plain");
  });

  test("not ready says why", async () => {
    await start(createScene({ unready: () => ["the store is recovering"] }));
    const request = new Request(`http://${HOST}/readyz`);
    const response = await scene.api.fetch(request);
    expect([response.status, await response.json()]).toEqual([
      503,
      { status: "unready", reasons: ["the store is recovering"] },
    ]);
  });
});
