import { expect, test } from "bun:test";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { freePorts, isFree } from "./ports.ts";

test("the ports are different, free, and below those of outgoing connections", async () => {
  const ports = await freePorts(20);
  expect(new Set(ports).size).toBe(20);
  for (const port of ports) {
    expect(port).toBeWithin(15_000, 32_000);
    expect(await isFree(port)).toBe(true);
  }
});

test("a port that somebody listens on is not free", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  expect(await isFree((server.address() as AddressInfo).port)).toBe(false);
  server.close();
});

test("a source of chance that repeats itself ends in an error, not in an endless search", async () => {
  const error: unknown = await freePorts(2, ["127.0.0.1"], () => 0.5).catch((error) => error);
  expect(String(error)).toContain("found 1 of 2 free ports");
});
