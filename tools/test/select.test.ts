import { expect, test } from "bun:test";
import { select } from "./select.ts";

const paths = [
  "core/channel/send.test.ts",
  "core/channel/send.ts",
  "adapters/nats/log.nats.test.ts",
  "server/crash.test.ts",
  "server/gateway/frames.fuzz.test.ts",
  "server/start.process.test.ts",
  "bench/measure/process.test.ts",
  "web/model/list.test.tsx",
  "web/e2e/chat.browser.test.ts",
  "node_modules/valibot/x.test.ts",
  "sdk/dist/x.test.ts",
];

test("every test file is taken, the long ones and those that need servers or a browser apart", () => {
  expect(select(paths, [])).toEqual({
    unit: ["bench/measure/process.test.ts", "core/channel/send.test.ts", "web/model/list.test.tsx"],
    long: [
      "server/crash.test.ts",
      "server/gateway/frames.fuzz.test.ts",
      "server/start.process.test.ts",
    ],
    cluster: ["adapters/nats/log.nats.test.ts"],
    browser: ["web/e2e/chat.browser.test.ts"],
  });
});

test("a filter takes the files whose path contains it", () => {
  expect(select(paths, ["fuzz", "core/"])).toEqual({
    unit: ["core/channel/send.test.ts"],
    long: ["server/gateway/frames.fuzz.test.ts"],
    cluster: [],
    browser: [],
  });
  expect(select(paths, ["nats"]).cluster).toEqual(["adapters/nats/log.nats.test.ts"]);
  expect(select(paths, ["nothing"])).toEqual({
    unit: [],
    long: [],
    cluster: [],
    browser: [],
  });
});
