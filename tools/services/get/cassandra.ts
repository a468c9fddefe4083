import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { cached, isCached } from "./cache.ts";
import { findTool, run, ToolMissing } from "./tool.ts";

const VERSION = "5.0.5";
const NAME = `cassandra-${VERSION}`;
/** Cassandra 5.0 runs on 17 and on none of the later ones, which have lost what it is built on. */
const JAVA = 17;
const REMEDY = `install Java ${JAVA} (Debian: openjdk-${JAVA}-jre-headless)`;

/** What Maven needs to know: one dependency, of which it copies the jars and those that they need. */
const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>damso</groupId>
  <artifactId>cassandra</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.cassandra</groupId>
      <artifactId>cassandra-all</artifactId>
      <version>${VERSION}</version>
    </dependency>
  </dependencies>
</project>
`;

/** Throws ToolMissing when Cassandra cannot run here, or is not there and cannot be fetched. */
export async function checkCassandra(): Promise<void> {
  await findJava();
  if (!isCached(NAME)) findMaven();
}

async function findJava(): Promise<string> {
  const { JAVA_HOME } = process.env;
  const program = JAVA_HOME === undefined ? "java" : join(JAVA_HOME, "bin/java");
  const java = findTool(program, "it runs Cassandra", REMEDY);
  const major = javaMajor(await run([java, "-version"]));
  if (major !== JAVA) throw new ToolMissing(`java is ${major}, Cassandra needs ${JAVA}: ${REMEDY}`);
  return java;
}

function findMaven(): string {
  return findTool("mvn", "it fetches Cassandra", "install Maven (Debian: maven)");
}

/** `17` of `openjdk version "17.0.15"`, `8` of `java version "1.8.0_372"`, 0 of anything else. */
export function javaMajor(text: string): number {
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(text) ?? [];
  return Number((first === "1" ? second : first) ?? 0);
}

/** The Java that runs it, and the folder of its jars, fetched once. */
export async function getCassandra(): Promise<{ java: string; jars: string }> {
  const java = await findJava();
  const folder = await cached(NAME, async (cwd) => {
    const mvn = findMaven();
    process.stderr.write(`Fetching Cassandra ${VERSION}, once …\n`);
    writeFileSync(join(cwd, "pom.xml"), POM);
    const goal = "dependency:copy-dependencies";
    const where = `-DoutputDirectory=${join(cwd, "jars")}`;
    await run([mvn, "--batch-mode", "--quiet", goal, where, "-DincludeScope=runtime"], { cwd });
  });
  return { java, jars: join(folder, "jars") };
}
