/** The log contract on one node and on three. */
import { logContract } from "@damso/contracts/log";
import { freshName } from "@damso/tools/services/services";
import { closeNats, connectNats } from "./connect.ts";
import { openNatsLog } from "./log.ts";
import { oneAndThree } from "./servers.testing.ts";

const urls = oneAndThree();

for (const replicas of [1, 3] as const) {
  logContract(`NATS with ${replicas} replicas`, async () => {
    const servers = urls(replicas);
    const connection = await connectNats({ servers, name: "log test" });
    const prefix = freshName("damso");
    const log = await openNatsLog({ connection, prefix, epoch: 1, shard: 3, replicas });
    return { log, close: () => closeNats(connection) };
  });
}
