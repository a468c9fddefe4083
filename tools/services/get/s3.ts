import { join } from "node:path";
import { cached } from "./cache.ts";
import { findTool, run } from "./tool.ts";

const VERSION = "0.14.1";

/** Throws ToolMissing when s3s-fs can be neither found nor built here. */
export function findS3Tools(): string {
  return findTool("cargo", "it builds s3s-fs", "install Rust 1.95 or newer");
}

/** The path of s3s-fs, built once from its crate. */
export async function getS3(): Promise<string> {
  const folder = await cached(`s3s-fs-${VERSION}`, async (root) => {
    const cargo = findS3Tools();
    process.stderr.write(`Building s3s-fs ${VERSION}, once: this takes minutes …\n`);
    const install = ["install", `s3s-fs@${VERSION}`, "--locked", "--features", "binary"];
    await run([cargo, ...install, "--root", root, "--jobs", "2", "--quiet"]);
  });
  return join(folder, "bin/s3s-fs");
}
