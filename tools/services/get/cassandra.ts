import type { Jars } from "./java.ts";
import { checkJars, findJavaTool, getJars } from "./java.ts";
import { run, ToolMissing } from "./tool.ts";

const VERSION = "5.0.5";
/** Cassandra 5.0 runs on 17 and on none of the later ones, which have lost what it is built on. */
const JAVA = 17;
const REMEDY = `install Java ${JAVA} (Debian: openjdk-${JAVA}-jre-headless)`;

const JARS: Jars = {
  name: `cassandra-${VERSION}`,
  what: `Cassandra ${VERSION}`,
  artifacts: [{ group: "org.apache.cassandra", name: "cassandra-all", version: VERSION }],
};

/** Throws ToolMissing when Cassandra cannot run here, or is not there and cannot be fetched. */
export async function checkCassandra(): Promise<void> {
  await findJava();
  checkJars(JARS);
}

async function findJava(): Promise<string> {
  const java = findJavaTool("java", "it runs Cassandra", REMEDY);
  const major = javaMajor(await run([java, "-version"]));
  if (major !== JAVA) throw new ToolMissing(`java is ${major}, Cassandra needs ${JAVA}: ${REMEDY}`);
  return java;
}

/** `17` of `openjdk version "17.0.15"`, `8` of `java version "1.8.0_372"`, 0 of anything else. */
export function javaMajor(text: string): number {
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(text) ?? [];
  return Number((first === "1" ? second : first) ?? 0);
}

/** The Java that runs it, and the folder of its jars, fetched once. */
export async function getCassandra(): Promise<{ java: string; jars: string }> {
  return { java: await findJava(), jars: await getJars(JARS) };
}
