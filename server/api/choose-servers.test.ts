import { describe, expect, test } from "bun:test";
import type { NodeRecord } from "@damso/core/ports/discovery";
import { chooseServers } from "./choose-servers.ts";

const node = (name: string, given: Partial<NodeRecord> = {}): NodeRecord => ({
  node_id: name,
  roles: ["gateway"],
  url: name,
  region: "kr",
  zone: "a",
  capacity: 100,
  connections: 0,
  draining: false,
  ...given,
});

/** Chance that follows a script, then always says 0. */
const script = (...values: number[]) => ({ next: () => values.shift() ?? 0 });

const choose = (nodes: NodeRecord[], region?: string, random = script()): string[] =>
  chooseServers(nodes, region, random).map(({ url }) => url);

describe("choosing servers", () => {
  test("those that drain or have no address are never named", () => {
    const { url: _url, ...silent } = node("b");
    expect(choose([node("a", { draining: true }), silent, node("c")])).toEqual(["c"]);
    expect(choose([])).toEqual([]);
  });

  test("at most three, the client's region first", () => {
    const nodes = ["a", "b", "c"].map((name) => node(name, { region: "eu" }));
    expect(choose([...nodes, node("d")], "kr")).toEqual(["d", "a", "b"]);
    expect(choose([...nodes, node("d")], "us")).toEqual(["a", "b", "c"]);
    expect(choose([...nodes, node("d")])).toHaveLength(3);
  });

  test("of two drawn by chance the freer comes first", () => {
    const nodes = [node("a", { connections: 90 }), node("b", { connections: 50 }), node("c")];
    expect(choose(nodes, "kr", script(0, 0.4))[0]).toBe("b");
    expect(choose(nodes, "kr", script(0.4, 0.9))[0]).toBe("c");
    expect(choose(nodes, "kr", script(0, 0))[0]).toBe("a");
  });

  test("a full one comes after those with room, and is still named", () => {
    const nodes = [node("full", { connections: 100 }), node("roomy", { connections: 99 })];
    expect(choose(nodes, "kr")).toEqual(["roomy", "full"]);
  });

  test("no server is named twice, whatever chance says", () => {
    const nodes = ["a", "b", "c", "d"].map((name) => node(name));
    for (const value of [0, 0.5, 0.999999, 1]) {
      const chosen = choose(nodes, "kr", { next: () => value });
      expect(new Set(chosen).size).toBe(3);
    }
  });

  test("over many draws a freer server is named first more often, and a full one never", () => {
    const nodes = [
      node("free"),
      node("busy", { connections: 60 }),
      node("full", { connections: 100 }),
    ];
    let seed = 1;
    const next = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    const firsts = Array.from({ length: 1000 }, () => choose(nodes, "kr", { next })[0]);
    const count = (name: string): number => firsts.filter((first) => first === name).length;
    // Only two draws of the busier one name it: a quarter.
    expect(count("free")).toBeGreaterThan(700);
    expect(count("busy")).toBeGreaterThan(200);
    expect(count("full")).toBe(0);
  });
});
