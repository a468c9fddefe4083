import { expect, test } from "bun:test";
import { parse } from "./command.ts";
import type { ServiceCommand } from "./command.ts";

const ALL = ["nats", "cassandra", "postgres", "s3"] as const;

const CASES: [words: string, command: ServiceCommand][] = [
  ["start", { name: "start", offers: ALL }],
  ["start all", { name: "start", offers: ALL }],
  ["start nats3 s3 s3", { name: "start", offers: ["nats3", "s3"] }],
  ["start nats --detach", { name: "detach", offers: ["nats"] }],
  ["start --detached postgres", { name: "detached", offers: ["postgres"] }],
  ["stop", { name: "stop" }],
  ["test", { name: "test", filters: [] }],
  ["test adapters/nats log", { name: "test", filters: ["adapters/nats", "log"] }],
  ["start nats nats3", { name: "mistake", message: "nats: one node or three, not both" }],
  ["start mysql", { name: "mistake", message: "mysql: there is no such server" }],
  ["stop nats", { name: "mistake", message: "stop stops all of them" }],
  ["stop --detach", { name: "mistake", message: "--detach: there is no such option" }],
  ["test --watch", { name: "mistake", message: "--watch: there is no such option" }],
  ["restart", { name: "mistake", message: "restart: start or stop" }],
];

test.each(CASES)("%s", (words, command) => {
  expect(parse(words.split(" "))).toEqual(command);
});
