/** Pushy's mock of Apple's push service, from Maven: it checks tokens, topics, devices and headers as Apple does. */
import { join } from "node:path";
import type { Jars } from "./java.ts";
import { checkJars, findJavaTool, getJars } from "./java.ts";
import { run, ToolMissing } from "./tool.ts";

const VERSION = "0.15.4";
const REMEDY = "install a Java development kit, 17 or newer (Debian: openjdk-17-jdk-headless)";

const JARS: Jars = {
  name: `pushy-${VERSION}`,
  what: "a mock of APNs",
  artifacts: [
    { group: "com.eatthepath", name: "pushy", version: VERSION },
    { group: "org.slf4j", name: "slf4j-nop", version: "1.7.36" },
  ],
};

/** Starts the mock: a program of one file, which Java compiles as it starts. */
export const MOCK: string = join(import.meta.dir, "ApnsMock.java");

/** Throws ToolMissing when it cannot run here, or is not there and cannot be fetched. */
export async function checkApns(): Promise<void> {
  await findJava();
  checkJars(JARS);
}

/** One that compiles, and makes keys. */
async function findJava(): Promise<{ java: string; keytool: string }> {
  const find = (name: string): string => findJavaTool(name, "it runs a mock of APNs", REMEDY);
  const [java, keytool] = [find("java"), find("keytool")];
  if (!(await run([java, "--list-modules"])).includes("jdk.compiler"))
    throw new ToolMissing(`this Java compiles nothing: ${REMEDY}`);
  return { java, keytool };
}

/** The programs, and the folder of the jars, fetched once. */
export async function getApns(): Promise<{ java: string; keytool: string; jars: string }> {
  return { ...(await findJava()), jars: await getJars(JARS) };
}
