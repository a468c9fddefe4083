/** Addresses and what can be known without a server. */
import { expect, test } from "bun:test";
import { rejection } from "@damso/contracts/rejection";
import { isRecent } from "./check.ts";
import { connectNats } from "./connect.ts";
import { tokenOf } from "./token.ts";

const name = "test";

test("addresses that make no sense are refused without a connection", async () => {
  for (const servers of [[], ["http://a:1"], ["nats://"], ["nats://a:1@h", "nats://b:1@h"]]) {
    expect(await rejection(connectNats({ servers, name }))).toMatchObject({
      code: "misconfigured",
      retry: false,
    });
  }
});

test("what nobody listens on is unanswered, and may be tried again", async () => {
  const servers = ["nats://127.0.0.1:1", "127.0.0.1:2"];
  expect(await rejection(connectNats({ servers, name }))).toMatchObject({
    code: "unanswered",
    retry: true,
  });
});

test("versions are compared by their numbers", () => {
  const recent = ["2.15.0", "2.15.2", "2.16.0-RC.1", "3.0.0", "10.1.0"];
  const old = ["2.14.9", "2.9.25", "1.99.0", "", "dev"];
  expect(recent.filter(isRecent)).toEqual(recent);
  expect(old.filter(isRecent)).toEqual([]);
});

test("any text is one token, and two texts are never the same one", () => {
  expect(tokenOf("node-1_A")).toBe("node-1_A");
  expect(tokenOf("channel.g1")).toBe("channel=2eg1");
  expect(tokenOf("a*> =")).toBe("a=2a=3e=20=3d");
  expect(tokenOf("é")).toBe("=c3=a9");
});
