import { describe, expect, test } from "bun:test";
import { addressOf } from "./address.ts";
import { openScene, PASSWORD } from "../auth/scene.testing.ts";
import { createScene } from "./scene.testing.ts";

const PEER = "192.0.2.1";

describe("the address of a request", () => {
  const cases: [title: string, proxies: number, header: string | undefined, address: string][] = [
    ["is the peer's without a proxy, whatever the header says", 0, "198.51.100.7", PEER],
    ["is what one proxy was asked from", 1, "198.51.100.7", "198.51.100.7"],
    ["is not what the client wrote itself", 1, "203.0.113.9, 198.51.100.7", "198.51.100.7"],
    [
      "is as many hops away as there are proxies",
      2,
      "203.0.113.9,198.51.100.7, 10.0.0.1",
      "198.51.100.7",
    ],
    ["is the peer's when a proxy was passed by", 2, "198.51.100.7", PEER],
    ["is the peer's when the header is missing", 1, undefined, PEER],
    ["is the peer's when the entry is no address", 1, "198.51.100.7, unknown", PEER],
    ["is the peer's when the entry is empty", 1, "198.51.100.7,", PEER],
    ["has no port", 1, "198.51.100.7:4711", "198.51.100.7"],
    ["has no brackets", 1, "[2001:db8::7]:443", "2001:db8::7"],
    ["may be of version 6", 1, "2001:db8::7", "2001:db8::7"],
  ];
  for (const [title, proxies, header, address] of cases) {
    test(title, () => {
      const headers: Record<string, string> =
        header === undefined ? {} : { "x-forwarded-for": header };
      expect(addressOf(new Request("http://host/", { headers }), PEER, proxies)).toBe(address);
    });
  }
});

describe("the limit of failed log-ins", () => {
  const failures = async (trusted_proxies: number): Promise<number[]> => {
    const { auth, accounts, clock } = openScene({ rate_limits: true });
    const scene = createScene({ auth, accounts, clock, trusted_proxies });
    const statuses = [];
    for (let i = 0; i <= 60; i++) {
      const headers = { "x-forwarded-for": `203.0.113.${i}, 198.51.100.${i}` };
      const body = { username: `nobody${i}`, password: PASSWORD };
      statuses.push((await scene.call("POST", "/v1/login", { body, headers })).status);
    }
    return statuses;
  };

  test("[P20] is the peer's, and no header gets around it", async () => {
    expect((await failures(0)).at(-1)).toBe(429);
  });

  test("[P20] is the client's behind a trusted proxy, not the site's", async () => {
    expect(new Set(await failures(1))).toEqual(new Set([401]));
  });
});
