import { afterAll, expect, test } from "bun:test";
import type { AddressInfo, Socket } from "node:net";
import { connect, createServer } from "node:net";
import type { Link } from "./link.testing.ts";
import { openLink } from "./link.testing.ts";
import { until } from "./until.ts";

const echo = createServer((socket) => void socket.pipe(socket));
const links: Link[] = [];
const clients: Socket[] = [];

afterAll(() => {
  for (const client of clients) client.destroy();
  for (const link of links) link.close();
  echo.close();
});

async function begin(): Promise<{ link: Link; say(text: string): void; heard(): string }> {
  if (!echo.listening) await new Promise<void>((resolve) => echo.listen(0, "127.0.0.1", resolve));
  const link = await openLink({ host: "127.0.0.1", port: (echo.address() as AddressInfo).port });
  const client = connect({ host: "127.0.0.1", port: link.port });
  links.push(link);
  clients.push(client);
  let heard = "";
  client.on("data", (chunk) => (heard += chunk.toString()));
  return { link, say: (text) => void client.write(text), heard: () => heard };
}

test("a link passes what is said, holds it while it is silent, and lets it go afterwards", async () => {
  const { link, say, heard } = await begin();
  say("a");
  await until(() => heard() === "a", "the echo of a");
  link.silence();
  say("b");
  await Bun.sleep(50);
  expect(heard()).toBe("a");
  link.mend();
  await until(() => heard() === "ab", "the echo of b");
});

test("a slow link is late and keeps the order, also when it is mended", async () => {
  const { link, say, heard } = await begin();
  link.slow(100);
  const began = performance.now();
  say("a");
  await Bun.sleep(20);
  link.mend();
  say("b");
  await until(() => heard().length === 2, "both echoes");
  expect(heard()).toBe("ab");
  expect(performance.now() - began).toBeGreaterThanOrEqual(99);
});

test("new connections through a silent link hear nothing until it is mended", async () => {
  const { link, say, heard } = await begin();
  link.silence();
  say("a");
  await Bun.sleep(50);
  expect(heard()).toBe("");
  link.mend();
  await until(() => heard() === "a", "the echo of a");
});
