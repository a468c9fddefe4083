/** Servers that a log may be trusted to, and those that are refused. */
import { afterAll, expect, test } from "bun:test";
import { rejection } from "@damso/contracts/rejection";
import { jetstreamManager } from "@nats-io/jetstream";
import { checkNats } from "./check.ts";
import { closeNats, connectNats } from "./connect.ts";
import { openNatsLog } from "./log.ts";
import { startAlone, startImpostor } from "./unsafe.testing.ts";
import type { Alone } from "./unsafe.testing.ts";

const TEST_MS = 600_000;
const name = "check test";

const started: Alone[] = [];
afterAll(() => Promise.all(started.map((server) => server.stop())));

async function alone(change: (config: string) => string = (config) => config): Promise<Alone> {
  const server = await startAlone(change);
  started.push(server);
  return server;
}

test(
  "a server that syncs each write is fine, and what does not answer is named",
  async () => {
    const { url, monitor } = await alone();
    const dead = "nats://user:secret@127.0.0.1:1";
    const report = await checkNats({ servers: [url], name, monitors: [monitor] });
    expect(report).toEqual({
      servers: [{ name: "n0", version: expect.any(String) }],
      synced: ["n0"],
      silent: [],
    });
    const partly = await checkNats({
      servers: [url, dead],
      name,
      user: "u",
      password: "p",
      monitors: ["http://127.0.0.1:1"],
    });
    expect(partly.silent).toEqual(["nats://127.0.0.1:1", "http://127.0.0.1:1"]);
    expect(partly.synced).toEqual([]);
    const none = await rejection(checkNats({ servers: [dead], name }));
    expect(none).toMatchObject({ code: "unanswered", retry: true });
    expect(String(none)).not.toContain("secret");
  },
  TEST_MS,
);

test(
  "[S2] a server that acknowledges before its disk has it is refused, when its monitoring can be asked",
  async () => {
    const { url, monitor } = await alone((config) => config.replace("sync_interval: always, ", ""));
    const refused = checkNats({ servers: [url], name, monitors: [monitor] });
    expect(await rejection(refused)).toMatchObject({ code: "unsynced", retry: false });
    expect((await checkNats({ servers: [url], name })).synced).toEqual([]);
  },
  TEST_MS,
);

test(
  "a server without JetStream is refused, and so is an account without it",
  async () => {
    const without = await alone((config) => config.replace(/jetstream \{.*\}/, ""));
    const refused = checkNats({ servers: [without.url], name });
    expect(await rejection(refused)).toMatchObject({ code: "no_jetstream" });
    const account = "accounts { A: { users: [{ user: ann, password: secret }] } }";
    const { url } = await alone((config) => `${config}${account}\n`);
    const own = { servers: [url.replace("//", "//ann:secret@")], name };
    expect(await rejection(checkNats(own))).toMatchObject({ code: "no_jetstream" });
  },
  TEST_MS,
);

test(
  "the user and password stand in the address or beside it, and wrong ones are named as that",
  async () => {
    const users = 'authorization { user: "ann", password: "p@ss:word" }';
    const { url } = await alone((config) => `${config}${users}\n`);
    const withUser = url.replace("//", "//ann:p%40ss%3Aword@");
    for (const options of [
      { servers: [withUser], name },
      { servers: [url], name, user: "ann", password: "p@ss:word" },
    ]) {
      const connection = await connectNats(options);
      await connection.flush();
      await closeNats(connection);
      expect((await checkNats(options)).servers).toHaveLength(1);
    }
    const wrong = { servers: [url.replace("//", "//ann:secret@")], name };
    const refusals = [
      () => connectNats(wrong),
      () => checkNats(wrong),
      () => connectNats({ servers: [url], name }),
    ];
    for (const refused of refusals) {
      const error = await rejection(refused());
      expect(error).toMatchObject({ code: "misconfigured", retry: false });
      expect(String(error)).not.toContain("secret");
    }
  },
  TEST_MS,
);

for (const [what, info, code] of [
  ["is too old", { version: "2.12.6" }, "too_old"],
  ["is far too old", { version: "1.99.0" }, "too_old"],
  ["takes small messages only", { version: "2.15.0", max_payload: 1024 * 1024 }, "small_payload"],
  ["has no JetStream", { version: "3.0.0-beta.1", jetstream: false }, "no_jetstream"],
] as const) {
  test(`a server that ${what} is refused with ${code}`, async () => {
    const impostor = startImpostor(info);
    const servers = [`nats://127.0.0.1:${impostor.port}`];
    expect(await rejection(checkNats({ servers, name }))).toMatchObject({ code, retry: false });
    impostor.stop(true);
  });
}

test(
  "[S13] a stream that could lose records by itself is refused",
  async () => {
    const { url } = await alone();
    const connection = await connectNats({ servers: [url], name });
    const jsm = await jetstreamManager(connection);
    const subjects = ["old_log_1_0"];
    await jsm.streams.add({ name: "old_log_1_0", subjects, max_age: 60_000_000_000 });
    const options = { connection, prefix: "old", epoch: 1, shard: 0, replicas: 1 } as const;
    const refused = await rejection(openNatsLog(options));
    expect(refused).toMatchObject({ code: "other_stream", retry: false });
    expect(String(refused)).toContain("max_age is 60000000000, not 0");
    await jsm.streams.add({ name: "rival", subjects: ["new_log_1_0"] });
    const overlapping = await rejection(openNatsLog({ ...options, prefix: "new" }));
    expect(overlapping).toMatchObject({ code: "other_stream" });
    await closeNats(connection);
  },
  TEST_MS,
);
