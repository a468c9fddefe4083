/** What reads make of a log that changes, lacks something or is larger than one answer. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { rejection } from "@damso/contracts/rejection";
import { freshName, natsServer } from "@damso/tools/services/services";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { closeNats, connectNats } from "./connect.ts";
import { openNatsLog, readEnds } from "./log.ts";
import type { Stream } from "./log.ts";
import { readRecords } from "./read.ts";

const START_MS = 600_000;

let nats: Awaited<ReturnType<typeof natsServer>>;
let connection: NatsConnection;
beforeAll(async () => {
  nats = await natsServer();
  connection = await connectNats({ servers: nats.urls, name: "read test" });
}, START_MS);
afterAll(async () => {
  await closeNats(connection);
  await nats.stop();
});

/** A stream that allows what the one of a log does not. */
async function filled(count: number): Promise<Stream> {
  const name = freshName("lax");
  const jsm = await jetstreamManager(connection);
  await jsm.streams.add({ name, subjects: [name], allow_direct: true });
  const js = jetstream(connection);
  for (let seq = 1; seq <= count; seq++) await js.publish(name, `r${seq}`);
  return { connection, js, jsm, name, seen: 0 };
}

test("[I25] a record that is missing between others is a hole", async () => {
  const stream = await filled(5);
  await stream.jsm.streams.deleteMessage(stream.name, 3);
  const ends = (): ReturnType<typeof readEnds> => readEnds(stream);
  expect(await readRecords(stream, 1, 2, ends)).toHaveLength(2);
  expect(await rejection(readRecords(stream, 1, 5, ends))).toMatchObject({
    code: "hole",
    message: `${stream.name} has records 1 to 5 but not 3`,
  });
  expect(await readRecords(stream, 4, 5, ends)).toHaveLength(2);
});

test("[S15] a purge while records are read is no hole: the log begins later", async () => {
  const stream = await filled(5);
  const ends = async (): ReturnType<typeof readEnds> => {
    const before = await readEnds(stream);
    await stream.jsm.streams.purge(stream.name, { seq: 4 });
    return before;
  };
  const records = await readRecords(stream, 1, 10, ends);
  expect(records.map(({ seq }) => seq)).toEqual([4, 5]);
});

test("[S13] a server that does not know yet what was acknowledged is not believed", async () => {
  const stream = await filled(5);
  stream.seen = 6;
  expect(await rejection(readEnds(stream))).toMatchObject({ code: "behind", retry: true });
});

test("[S13] more than one answer can hold is read in order, and what no message holds is refused", async () => {
  const log = await openNatsLog({
    connection,
    prefix: freshName("damso"),
    epoch: 1,
    shard: 0,
    replicas: 1,
  });
  const texts = Array.from({ length: 20 }, (_, i) => `${i} ${"한".repeat(200_000)}`);
  for (const [i, text] of texts.entries()) await log.append(text, i);
  expect((await log.read(1, 100)).map(({ text }) => text)).toEqual(texts);
  expect(await rejection(log.append("x".repeat(9_000_000), 20))).toMatchObject({
    code: "too_large",
    retry: false,
  });
  expect(await log.ends()).toEqual({ first: 1, last: 20 });
});
