import { expect, test } from "bun:test";
import { kernelBytes, tcpPages } from "./kernel.ts";

test("the pages of TCP are read, not those of UDP", () => {
  const text = "sockets: used 11\nTCP: inuse 1 orphan 0 tw 0 alloc 1 mem 274\nUDP: inuse 0 mem 9\n";
  expect(tcpPages(text)).toBe(274);
});

test("this machine's kernel holds some memory", () => {
  expect(kernelBytes()).toBeGreaterThan(0);
});
