import { expect, test } from "bun:test";
import type { Finding, Rule } from "./project.ts";
import { toProject } from "./project.ts";
import { findBans } from "./rules/bans.ts";
import { findBoundaries } from "./rules/boundaries.ts";
import { findDead } from "./rules/dead.ts";
import { findDirections } from "./rules/directions.ts";
import { findLinks } from "./rules/links.ts";
import { findPackages } from "./rules/packages.ts";
import { findShape } from "./rules/shape.ts";
import { findSpec } from "./rules/spec.ts";
import { findWords } from "./rules/words.ts";

type Texts = Record<string, string>;

/** What the rule finds, as `path:line`, in the order found. */
function check(title: string, rule: Rule, texts: Texts, expected: string[]): void {
  test(`${rule.name}: ${title}`, () => {
    const findings: Finding[] = rule(toProject(texts));
    expect(findings.map(({ path, line }) => `${path}:${line}`)).toEqual(expected);
    for (const { message } of findings) expect(message.length).toBeGreaterThan(10);
  });
}

/** One file with this import and whether it may stand there. */
function checkImport(path: string, statement: string, allowed: boolean): void {
  const title = `${path} ${allowed ? "may" : "must not"} ${statement}`;
  check(title, findDirections, { [path]: `\n${statement};\n` }, allowed ? [] : [`${path}:2`]);
}

checkImport("protocol/a.ts", 'import { x } from "./b.ts"', true);
checkImport("protocol/a.ts", 'import { x } from "@damso/core/x"', false);
checkImport("core/a.ts", 'import { x } from "@damso/protocol"', true);
checkImport("core/a.ts", 'import { x } from "valibot"', true);
checkImport("core/a.ts", 'export * from "@damso/adapters/x"', false);
checkImport("core/a.ts", 'import "@damso/server/x"', false);
checkImport("core/a.test.ts", 'import { x } from "@damso/contracts/x"', true);
checkImport("contracts/a.ts", 'import { x } from "@damso/adapters/x"', false);
checkImport("adapters/a.ts", 'import { x } from "@damso/core/ports/store"', true);
checkImport("adapters/a.ts", 'import { x } from "@damso/core/channel/send"', false);
checkImport("adapters/a.ts", 'import type { X } from "@damso/core/channel/send"', true);
checkImport("server/wire.ts", 'const x = await import("@damso/adapters/leveldb/store")', true);
checkImport("server/main.ts", 'const x = await import("@damso/adapters/leveldb/store")', false);
checkImport("server/page.ts", 'import { build } from "@damso/web/build"', true);
checkImport("server/page.ts", 'import { App } from "@damso/web/view/app"', false);
checkImport("sdk/a.ts", 'import { x } from "@damso/core/x"', false);
checkImport("web/view/a.tsx", 'import { x } from "../model/x.ts"', true);
checkImport("web/view/a.tsx", 'import { x } from "@damso/sdk"', false);
checkImport("web/view/a.tsx", 'import type { X } from "@damso/sdk"', true);
checkImport("web/model/a.ts", 'import { x } from "../view/x.tsx"', false);
checkImport("simulator/a.ts", 'import { x } from "@damso/server/gateway/x"', true);
checkImport("simulator/a.ts", 'import { x } from "@damso/adapters/inprocess/bus"', true);
checkImport("simulator/a.ts", 'import { x } from "@damso/adapters/leveldb/store"', false);
checkImport("examples/a.ts", 'import { x } from "@damso/server/x"', false);
checkImport("bench/a.ts", 'import { x } from "@damso/server/x"', true);

const manifests = {
  "package.json": '{"devDependencies":{"fast-check":"1.0.0"}}',
  "core/package.json": '{"dependencies":{"@damso/protocol":"0.1.0"}}',
};
check(
  "a folder imports what it declares, itself, and what the platform has",
  findBoundaries,
  {
    ...manifests,
    "core/a.ts": 'import "./b.ts";\nimport "@damso/protocol/x";\nimport "node:fs";\nimport "bun";',
    "core/a.test.ts":
      'import "fast-check";\nimport "@damso/contracts/x";\nimport "../spec/vectors/a.json";',
  },
  [],
);
check(
  "no undeclared package and no path out of the folder",
  findBoundaries,
  {
    ...manifests,
    "core/a.ts":
      'import "hono/ws";\nimport "@damso/sdk";\nimport "../sdk/a.ts";\nimport "fast-check";',
  },
  ["core/a.ts:1", "core/a.ts:2", "core/a.ts:3", "core/a.ts:4"],
);

/** One line of code and whether it is banned there. */
function checkBan(path: string, line: string, allowed: boolean): void {
  const title = `${path} ${allowed ? "may say" : "must not say"} ${line}`;
  check(title, findBans, { [path]: `\n${line}\n` }, allowed ? [] : [`${path}:2`]);
}

checkBan("core/a.ts", "const now = Date.now();", false);
checkBan("core/a.ts", "const now = new Date();", false);
checkBan("core/a.ts", "const at = new Date(created_at);", true);
checkBan("core/a.ts", "// not Date.now", true);
checkBan("core/a.ts", "clock.setTimeout(fire, 5);", true);
checkBan("core/a.ts", "setTimeout(fire, 5);", false);
checkBan("protocol/a.ts", "const id = crypto.randomUUID();", false);
checkBan("sdk/a.ts", 'import { readFile } from "node:fs/promises";', false);
checkBan("simulator/a.ts", 'import { randomUUID } from "node:crypto";', false);
checkBan("server/gateway/a.ts", 'import { setTimeout } from "node:timers";', false);
checkBan("server/auth/a.ts", 'import { randomBytes } from "node:crypto";', true);
checkBan("simulator/mutations/a.ts", 'import { parseArgs } from "node:util";', true);
checkBan("sdk/platform/browser.ts", "const now = (): number => Date.now();", true);
checkBan("server/a.ts", "const now = Date.now();", true);
checkBan("server/a.ts", "const port = process.env.PORT;", false);
checkBan("server/config.ts", "const port = process.env.PORT;", true);
checkBan("server/config/read.ts", "const port = process.env.PORT;", true);
checkBan("server/a.ts", 'console.log("x");', false);
checkBan("server/log.ts", 'console.log("x");', true);
checkBan("tools/a.ts", 'console.log("x");', true);
checkBan("core/a.test.ts", 'test.skip("x", () => {});', false);
checkBan("core/a.test.ts", 'describe.only("x", () => {});', false);
checkBan("tools/a.ts", ["// @ts", "ignore"].join("-"), false);
checkBan("tools/a.ts", "const x = y as any;", false);
checkBan("tools/a.ts", ["// TO", "DO later"].join(""), false);

check(
  "code that only its test imports is dead",
  findDead,
  { "core/a.ts": "", "core/a.test.ts": 'import "./a.ts";' },
  ["core/a.ts:1"],
);
check(
  "entries, what they import, and files that they name in a string are alive",
  findDead,
  {
    "server/main.ts": 'import "./a.ts";\nspawn("bench/floor/server.ts");',
    "server/a.ts": 'new Worker(new URL("./worker.ts", import.meta.url));\nimport("@damso/core/b");',
    "server/worker.ts": "",
    "core/b.ts": "",
    "bench/floor/server.ts": "",
    "web/index.html": '<script type="module" src="./view/page.tsx"></script>',
    "web/view/page.tsx": "",
    "sdk/package.json": '{"exports":{"./node":"./platform/node.ts"}}',
    "sdk/platform/node.ts": "",
  },
  [],
);
check(
  "contracts and fixtures live by tests",
  findDead,
  {
    "contracts/store.ts": "",
    "contracts/unused.ts": "",
    "server/cluster.testing.ts": "",
    "server/a.test.ts": 'import "./cluster.testing.ts"; import "@damso/contracts/store";',
  },
  ["contracts/unused.ts:1"],
);

check(
  "a long file needs a reason",
  findShape,
  {
    "core/long.ts": "\n".repeat(401),
    "core/reason.ts": `// Long because it is one table.${"\n".repeat(401)}`,
    "core/short.ts": "\n".repeat(400),
    "docs/long.md": "\n".repeat(999),
  },
  ["core/long.ts:401"],
);
check(
  "vague names",
  findShape,
  { "core/utils.ts": "", "core/helpers/a.ts": "", "core/commons.ts": "", "core/id-utils.ts": "" },
  ["core/utils.ts:1", "core/helpers/a.ts:1", "core/id-utils.ts:1"],
);

check(
  "a rule without a test, a test without a rule, a number used twice",
  findSpec,
  {
    "spec/delivery.md": "# D\n\n**[D1]** Tested.\n- **[D2]** Not tested.\n**[D1]** Again.\n",
    "core/a.test.ts": 'test("[D1] a", f);\ntest(`[D9] b`, f);\nconst x = `test("[D8] c")`;',
  },
  ["spec/delivery.md:4", "core/a.test.ts:2", "spec/delivery.md:5"],
);
check(
  "titles may carry several rules, and contracts are tests",
  findSpec,
  {
    "spec/invariants.md": "- **[I1]** a\n- **[I2]** b\n- **[I3]** c\n",
    "contracts/store.ts": 'test("[I1][I2] x", f); check("[I2, I3] y", f);',
  },
  [],
);
check(
  "an invariant may wait for the machine that can check it",
  findSpec,
  {
    "spec/invariants.md":
      "- **[I1]** a\n  (checked by the simulator/cluster, later)\n- **[I2]** b: checked by the cluster, later\n",
  },
  [],
);

check(
  "paths of a machine",
  findWords,
  {
    // Put together here, or this file would break the rule itself.
    "docs/a.md": `see\n${["", "home", "kim", "damso"].join("/")}\n`,
    "deploy/a.sh": `cd ${["..", "shared"].join("/")}`,
    "a.md": ["~", "work", "x"].join("/"),
  },
  ["docs/a.md:2", "deploy/a.sh:1"],
);

check(
  "links lead somewhere, and ARCHITECTURE.md names what exists",
  findLinks,
  {
    "README.md": "[a](docs/a.md#part) [b](docs/b.md) [c](https://example.org/c) [d](#d)",
    "docs/a.md": "[back](../README.md) `core/nothing.ts`",
    "ARCHITECTURE.md": "`core/channel/` `core/channel/send.ts`\n`core/nothing.ts` `GET /v1/feed`",
    "core/channel/send.ts": "",
  },
  ["README.md:1", "ARCHITECTURE.md:2"],
);

check(
  "every package is argued for",
  findPackages,
  {
    "docs/dependencies.md": "| `hono` | routing |",
    "server/package.json":
      '{\n"dependencies": {\n"hono": "1.0.0",\n"left-pad": "1.0.0",\n"@damso/core": "0.1.0"}}',
  },
  ["server/package.json:4"],
);
check(
  "the lock file knows the binaries of every system",
  findPackages,
  {
    "package-lock.json": `{"packages": {
      "node_modules/a": {"optionalDependencies": {"a-linux": "1.0.0", "a-darwin": "1.0.0"}},
      "node_modules/a-linux": {}
    }}`,
  },
  ["package-lock.json:2"],
);
