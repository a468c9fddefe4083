/** Java's programs, and jars from Maven. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { cached, isCached } from "./cache.ts";
import { findTool, run } from "./tool.ts";

/** The path of `java` or of a program beside it, in `JAVA_HOME` where that is set. Throws ToolMissing. */
export function findJavaTool(name: string, why: string, remedy: string): string {
  const { JAVA_HOME } = process.env;
  return findTool(JAVA_HOME === undefined ? name : join(JAVA_HOME, "bin", name), why, remedy);
}

export type Artifact = { group: string; name: string; version: string };

export type Jars = {
  /** Of their folder, with the version: `cassandra-5.0.5`. */
  name: string;
  /** For people: `Cassandra 5.0.5`. */
  what: string;
  /** Maven copies their jars and those that they need. */
  artifacts: readonly Artifact[];
};

/** Throws ToolMissing when they are not there and cannot be fetched. */
export function checkJars({ name, what }: Jars): void {
  if (!isCached(name)) findMaven(what);
}

/** The folder that they are in, fetched once. */
export async function getJars({ name, what, artifacts }: Jars): Promise<string> {
  const folder = await cached(name, async (cwd) => {
    const mvn = findMaven(what);
    process.stderr.write(`Fetching ${what}, once …\n`);
    writeFileSync(join(cwd, "pom.xml"), pomOf(artifacts));
    const goal = "dependency:copy-dependencies";
    const where = `-DoutputDirectory=${join(cwd, "jars")}`;
    await run([mvn, "--batch-mode", "--quiet", goal, where, "-DincludeScope=runtime"], { cwd });
  });
  return join(folder, "jars");
}

function findMaven(what: string): string {
  return findTool("mvn", `it fetches ${what}`, "install Maven (Debian: maven)");
}

function pomOf(artifacts: readonly Artifact[]): string {
  const dependencies = artifacts.map(
    ({ group, name, version }) => `    <dependency>
      <groupId>${group}</groupId>
      <artifactId>${name}</artifactId>
      <version>${version}</version>
    </dependency>
`,
  );
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>damso</groupId>
  <artifactId>jars</artifactId>
  <version>1</version>
  <dependencies>
${dependencies.join("")}  </dependencies>
</project>
`;
}
