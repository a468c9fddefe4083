import { afterAll, expect, test } from "bun:test";
import { codeOf, call, succeed } from "../rig/http.testing.ts";
import { signUp } from "../rig/people.testing.ts";
import { commandOf, endRig, startServer } from "../rig/server.ts";

afterAll(endRig);

test("[S10] a second server on the data directory of a running one ends with 1 and names it", async () => {
  const first = await startServer();
  const ann = await signUp(first.origin, "ann");

  const second = Bun.spawnSync(commandOf(first.data), { timeout: 20_000 });
  const printed = `${second.stdout.toString()}${second.stderr.toString()}`;
  expect(second.exitCode).toBe(1);
  expect(printed.trim().split("\n")).toHaveLength(1);
  expect(printed).toContain(first.data);

  const token = ann.access_token;
  const path = `/v1/channels/d${ann.user_id}.${ann.user_id}/messages`;
  const body = { client_id: "01980000-0000-7000-8000-000000000001", body: "still here" };
  expect(codeOf(await call(first.origin, "POST", path, { token, body }))).toBeUndefined();
  await succeed(first.origin, "GET", "/readyz");
  expect(await first.stop()).toEqual({ code: 0, signal: null });
}, 60_000);

test("[S10] a directory whose server was killed opens again", async () => {
  const first = await startServer();
  await first.kill();
  const second = await startServer({ data: first.data });
  await succeed(second.origin, "GET", "/readyz");
  expect(await second.stop()).toEqual({ code: 0, signal: null });
}, 60_000);
