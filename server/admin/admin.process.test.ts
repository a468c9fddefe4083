import { afterEach, expect, test } from "bun:test";
import { call, clearAll, makeDirectory, runToEnd, signUp, startServer } from "../live.testing.ts";

afterEach(clearAll);

const TOKEN = "a-token-of-a-real-server";

test("[A1][A2][A4] a real server is administered by its token, which it tells nobody", async () => {
  const data = await makeDirectory();
  const server = await startServer(data, "--admin-token", TOKEN, "--log-level", "debug");
  const ann = await signUp(server, "ann");
  const users = await call(server, "GET", "/v1/admin/users", TOKEN);
  expect(users.body["users"]).toMatchObject([{ username: "ann", sessions: 1, disabled: false }]);
  expect((await call(server, "GET", "/v1/admin/users", ann.access_token)).status).toBe(403);
  expect((await call(server, "GET", "/v1/admin/users")).status).toBe(401);
  expect((await call(server, "GET", "/v1/admin/users", "some-other-token")).status).toBe(401);
  const overview = await call(server, "GET", "/v1/admin/overview", TOKEN);
  expect(overview.body["checks"]).toMatchObject(
    ["node", "accounts", "history", "discovery", "shards"].map((name) => ({ name, ok: true })),
  );
  const disabled = `/v1/admin/users/${ann.user_id}/disabled`;
  expect((await call(server, "PUT", disabled, TOKEN)).status).toBe(204);
  expect((await call(server, "GET", "/v1/me", ann.access_token)).status).toBe(401);
  const known = server.log() + JSON.stringify([users, overview]);
  expect(known).toContain("the server was administered");
  expect(known).not.toContain(TOKEN);
  server.kill("SIGTERM");
  await server.exited;

  // Without the option nobody administers, and what was disabled stays so.
  const plain = await startServer(data);
  expect((await call(plain, "GET", "/v1/admin/users", TOKEN)).status).toBe(401);
  const again = { username: "ann", password: "correct horse" };
  expect((await call(plain, "POST", "/v1/login", undefined, again)).status).toBe(403);
}, 60_000);

test("[A2] a token that is too short stops the start, and is not repeated", async () => {
  const { code, out, err } = await runToEnd("--admin-token", "hunter2");
  expect(code).toBe(2);
  expect(out + err).toContain("--admin-token must be");
  expect(out + err).not.toContain("hunter2");
});
