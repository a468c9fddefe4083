import { join } from "node:path";
import { cached } from "./cache.ts";
import { findTool, run } from "./tool.ts";

const VERSION = "2.15.2";

/** Throws ToolMissing when nats-server can be neither found nor built here. */
export function findNatsTools(): string {
  return findTool("go", "it builds nats-server", "install Go 1.25 or newer");
}

/** The path of nats-server, built once from its Go module. */
export async function getNats(): Promise<string> {
  const folder = await cached(`nats-${VERSION}`, async (GOBIN) => {
    const go = findNatsTools();
    process.stderr.write(`Building nats-server ${VERSION}, once …\n`);
    // Two packages at a time: the linker of a bigger number would fill a small machine.
    const source = `github.com/nats-io/nats-server/v2@v${VERSION}`;
    await run([go, "install", "-p", "2", source], { env: { GOBIN } });
  });
  return join(folder, "nats-server");
}
