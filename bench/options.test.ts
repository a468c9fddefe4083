import { expect, test } from "bun:test";
import { parseOptions } from "./options.ts";

test("without flags: three rounds of three seconds", () => {
  expect(parseOptions([])).toMatchObject({ rounds: 3, seconds: 3, sockets: 2000 });
});

test("a given number wins over --quick", () => {
  expect(parseOptions(["--quick", "--rounds", "2"])).toMatchObject({ rounds: 2, seconds: 1 });
});

test("a number that is none, or too small, is refused by name", () => {
  expect(() => parseOptions(["--rounds", "x"])).toThrow("--rounds");
  expect(() => parseOptions(["--seconds", "0"])).toThrow("--seconds");
  expect(() => parseOptions(["--nonsense"])).toThrow();
});

test("--help measures nothing", () => {
  expect(parseOptions(["--help"])).toBeUndefined();
});
