import { join } from "node:path";
import { cached, isCached } from "./cache.ts";
import { findTool, run } from "./tool.ts";

const VERSION = "2.15.2";
const NAME = `nats-${VERSION}`;

/** Throws ToolMissing when nats-server is not there and cannot be built here. */
export async function checkNats(): Promise<void> {
  if (!isCached(NAME)) findGo();
}

function findGo(): string {
  return findTool("go", "it builds nats-server", "install Go 1.25 or newer");
}

/** The path of nats-server, built once from its Go module. */
export async function getNats(): Promise<string> {
  const folder = await cached(NAME, async (GOBIN) => {
    const go = findGo();
    process.stderr.write(`Building nats-server ${VERSION}, once …\n`);
    // Two packages at a time: the linker of a bigger number would fill a small machine.
    const source = `github.com/nats-io/nats-server/v2@v${VERSION}`;
    await run([go, "install", "-p", "2", source], { env: { GOBIN } });
  });
  return join(folder, "nats-server");
}
