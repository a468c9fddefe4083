import { expect, test } from "bun:test";
import { createRefreshTokens } from "./refresh-tokens.ts";

const tokens = createRefreshTokens({ refresh: new Uint8Array(32).fill(7) });

function read(token: string, from = tokens) {
  const parts = from.read(token);
  if (!parts) throw new Error("not a token");
  return parts;
}

test("[X4] spending a token twice derives one successor, of the same family", () => {
  const token = tokens.first();
  const { hashes, next, next_hash } = read(token);
  expect(read(token)).toEqual({ hashes, next, next_hash });
  expect(read(next).hashes).toEqual({ family_hash: hashes.family_hash, token_hash: next_hash });
  expect(next).not.toBe(token);
  expect(read(next).next).not.toBe(token);
});

test("[X4] without the server's key nobody derives the successor", () => {
  const token = tokens.first();
  const other = createRefreshTokens({ refresh: new Uint8Array(32).fill(8) });
  expect(read(token, other).hashes).toEqual(read(token).hashes);
  expect(read(token, other).next).not.toBe(read(token).next);
});

test("[X4] every first token is its own family", () => {
  const made = Array.from({ length: 100 }, () => read(tokens.first()).hashes);
  expect(new Set(made.map((hashes) => hashes.family_hash)).size).toBe(100);
  expect(new Set(made.map((hashes) => hashes.token_hash)).size).toBe(100);
});

test("[X4] what is stored does not contain what is sent", () => {
  const token = tokens.first();
  const { hashes } = read(token);
  for (const hash of [hashes.family_hash, hashes.token_hash]) {
    expect(hash).toHaveLength(43);
    expect(token).not.toContain(hash.slice(0, 20));
  }
});

test("[X4] a text of another form is no token", () => {
  const token = tokens.first();
  for (const bad of ["", "x", `${token}x`, token.slice(1), `+${token.slice(1)}`, `${token}\n`]) {
    expect(tokens.read(bad)).toBeUndefined();
  }
});
