import { expect, test } from "bun:test";
import { withoutServer } from "./run.ts";
import { freshName, shared, variableOf } from "./shared.ts";

const file = "adapters/nats/log.nats.test.ts";

test("a file whose servers lack a tool is skipped, and has not passed", () => {
  const { totals, failures } = withoutServer(file, { because: "tools", reason: "go is missing" });
  expect(totals).toEqual({ passed: 0, failed: 0, skipped: 1 });
  expect(failures).toEqual([]);
});

test("a file whose servers did not start has failed", () => {
  const { totals, failures } = withoutServer(file, { because: "start", reason: "no memory" });
  expect(totals).toEqual({ passed: 0, failed: 1, skipped: 0 });
  expect(failures).toMatchObject([{ file, reason: "no memory" }]);
});

test("the server of a run is taken from the environment, and its stop leaves it alone", async () => {
  const service = (): never => {
    throw new Error("nothing is started");
  };
  const env = { [variableOf("nats")]: '{"urls":["nats://127.0.0.1:1"]}' };
  const nats = await shared<{ urls: string[] }>("nats", service, env);
  expect(nats.urls).toEqual(["nats://127.0.0.1:1"]);
  await nats.stop();
});

test("a fresh name fits a keyspace, a schema, a stream and a bucket", () => {
  expect(freshName("log")).toMatch(/^log[0-9a-f]{12}$/);
  expect(freshName("log")).not.toBe(freshName("log"));
});
