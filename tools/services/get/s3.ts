import { join } from "node:path";
import { cached, isCached } from "./cache.ts";
import { findTool, run } from "./tool.ts";

const VERSION = "0.14.1";
const NAME = `s3s-fs-${VERSION}`;

/** Throws ToolMissing when s3s-fs is not there and cannot be built here. */
export async function checkS3(): Promise<void> {
  if (!isCached(NAME)) findCargo();
}

function findCargo(): string {
  return findTool("cargo", "it builds s3s-fs", "install Rust 1.95 or newer");
}

/** The path of s3s-fs, built once from its crate. */
export async function getS3(): Promise<string> {
  const folder = await cached(NAME, async (root) => {
    const cargo = findCargo();
    process.stderr.write(`Building s3s-fs ${VERSION}, once: this takes minutes …\n`);
    const install = ["install", `s3s-fs@${VERSION}`, "--locked", "--features", "binary"];
    await run([cargo, ...install, "--root", root, "--jobs", "2", "--quiet"]);
  });
  return join(folder, "bin/s3s-fs");
}
