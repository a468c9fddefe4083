/** The log contract on one node and on three. */
import { afterAll, beforeAll } from "bun:test";
import { logContract } from "@damso/contracts/log";
import { freshName, natsNodes, natsServer } from "@damso/tools/services/services";
import { closeNats, connectNats } from "./connect.ts";
import { openNatsLog } from "./log.ts";

const START_MS = 600_000;

let one: Awaited<ReturnType<typeof natsServer>>;
let three: Awaited<ReturnType<typeof natsNodes>>;
beforeAll(async () => {
  one = await natsServer();
  three = await natsNodes(3);
}, START_MS);
afterAll(async () => {
  await one.stop();
  await three.stop();
});

for (const replicas of [1, 3] as const) {
  logContract(`NATS with ${replicas} replicas`, async () => {
    const servers = (replicas === 1 ? one : three).urls;
    const connection = await connectNats({ servers, name: "log test" });
    const prefix = freshName("damso");
    const log = await openNatsLog({ connection, prefix, epoch: 1, shard: 3, replicas });
    return { log, close: () => closeNats(connection) };
  });
}
