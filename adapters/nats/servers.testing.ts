/** What several test files of this folder begin with. */
import { afterAll, beforeAll } from "bun:test";
import { natsNodes, natsServer } from "@damso/tools/services/services";

const START_MS = 600_000;

/** One server and three that belong together, for the tests of the calling file. The answer names their addresses. */
export function oneAndThree(): (replicas: 1 | 3) => string[] {
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
  return (replicas) => (replicas === 1 ? one : three).urls;
}

/** A node's record, but for its name. */
export const NODE = {
  roles: ["shard"],
  region: "",
  zone: "",
  capacity: 1,
  connections: 0,
  draining: false,
};
