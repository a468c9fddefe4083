import { afterAll, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { askNats } from "./nats.testing.ts";
import { freshName, natsNodes, natsServer } from "./services.ts";
import type { Control, NatsAddress } from "./services.ts";

const started: Control[] = [];
afterAll(() => Promise.all(started.map((nodes) => nodes.stop())));

async function own(count: 1 | 3): Promise<NatsAddress & Control> {
  const nodes = await natsNodes(count);
  started.push(nodes);
  return nodes;
}

function createStream(url: string, name: string, replicas: number): Promise<unknown> {
  const stream = { name, subjects: [name], storage: "file", num_replicas: replicas };
  return askNats(url, `$JS.API.STREAM.CREATE.${name}`, JSON.stringify(stream));
}

test("the server of the run has JetStream and takes a stream", async () => {
  const nats = await natsServer();
  const name = freshName("stream");
  expect(await createStream(nats.urls[0] ?? "", name, 1)).toMatchObject({ config: { name } });
  await nats.stop();
});

test("a killed node has its stream again after a restart, and nothing stays after the stop", async () => {
  const nodes = await own(1);
  const url = nodes.urls[0] ?? "";
  await createStream(url, "kept", 1);
  await nodes.kill(0);
  const dead = await askNats(url, "$JS.API.INFO").catch((error: Error) => error);
  expect(dead).toBeInstanceOf(Error);
  await nodes.restart(0);
  expect(await askNats(url, "$JS.API.STREAM.INFO.kept")).toMatchObject({
    config: { name: "kept" },
  });
  await nodes.stop();
  expect(existsSync(nodes.folder)).toBe(false);
});

test("three nodes keep a stream in three places", async () => {
  const nodes = await own(3);
  for (const [at, url] of nodes.urls.entries()) {
    const made = (await createStream(url, `replicated${at}`, 3)) as {
      cluster: { replicas: unknown[] };
    };
    expect(made.cluster.replicas).toHaveLength(2);
  }
});

test("a paused node answers when it is resumed", async () => {
  const nodes = await own(1);
  await nodes.pause(0);
  const answer = askNats(nodes.urls[0] ?? "", "$JS.API.INFO");
  expect(await Promise.race([answer, Bun.sleep(200).then(() => "silence")])).toBe("silence");
  await nodes.resume(0);
  expect(await answer).toMatchObject({ type: "io.nats.jetstream.api.v1.account_info_response" });
});
