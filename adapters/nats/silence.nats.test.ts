/** Connections whose server is silent, full or away. */
import { expect, test } from "bun:test";
import { until } from "@damso/contracts/until";
import { natsNodes } from "@damso/tools/services/services";
import { errors } from "@nats-io/transport-node";
import type { NatsConnection } from "@nats-io/transport-node";
import { closeNats, connectNats } from "./connect.ts";
import { createOutbound } from "./outbound.ts";
import { unanswered } from "./silence.ts";

const TEST_MS = 60_000;
const MEGABYTE = new Uint8Array(1_000_000);

type Nodes = Awaited<ReturnType<typeof natsNodes>>;

/** Two servers that do not know each other, and a connection to the first. */
async function two(): Promise<{ first: Nodes; connection: NatsConnection; end(): Promise<void> }> {
  const [first, second] = await Promise.all([natsNodes(1), natsNodes(1)]);
  const connection = await connectNats({ servers: first.urls, name: "silence test" });
  connection.setServers([...first.urls, ...second.urls]);
  const end = async (): Promise<void> => {
    await closeNats(connection);
    await Promise.all([first.stop(), second.stop()]);
  };
  return { first, connection, end };
}

for (const [what, messages] of [
  ["an idle connection", 0],
  ["a connection whose socket is full", 30],
] as const) {
  test(
    `${what} leaves a server that stands still within seconds of a request without answer`,
    async () => {
      const { first, connection, end } = await two();
      await first.pause(0);
      for (let n = 0; n < messages; n++) connection.publish("x", MEGABYTE);
      const error = await connection.request("$JS.API.INFO", "", { timeout: 1000 }).catch(String);
      expect(error).toContain("timeout");
      const failure = unanswered(connection, "a request", new errors.TimeoutError());
      expect(failure).toMatchObject({ code: "unanswered", retry: true });
      const isElsewhere = (): boolean => `nats://${connection.getServer()}` !== first.urls[0];
      await until(isElsewhere, "another server", 8000);
      await connection.flush();
      await first.resume(0);
      await end();
    },
    TEST_MS,
  );
}

test(
  "what waits for a server that stands still is bounded, and goes out when the server goes on",
  async () => {
    const nodes = await natsNodes(1);
    const connection = await connectNats({ servers: nodes.urls, name: "silence test" });
    const outbound = createOutbound(connection, 5_000_000);
    await nodes.pause(0);
    const sent = Array.from({ length: 20 }, () => outbound.publish("x", MEGABYTE));
    expect(sent.filter((each) => each === "sent")).toHaveLength(4);
    expect(sent.at(-1)).toBe("full");
    await nodes.resume(0);
    await connection.flush();
    await until(() => outbound.publish("x", MEGABYTE) === "sent");
    expect(outbound.publish("x", new Uint8Array(9_000_000))).toBe("large");
    await closeNats(connection);
    expect(outbound.publish("x", MEGABYTE)).toBe("full");
    await nodes.stop();
  },
  TEST_MS,
);

test(
  "closing does not wait for a server that stands still",
  async () => {
    const nodes = await natsNodes(1);
    const connection = await connectNats({ servers: nodes.urls, name: "silence test" });
    await nodes.pause(0);
    for (let n = 0; n < 30; n++) connection.publish("x", MEGABYTE);
    const begin = performance.now();
    await closeNats(connection);
    expect(performance.now() - begin).toBeLessThan(5000);
    expect(connection.isClosed()).toBe(true);
    await nodes.resume(0);
    await nodes.stop();
  },
  TEST_MS,
);
