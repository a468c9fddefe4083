/** Pushy's mock of Apple's push service, from Maven: it checks tokens, topics, devices and headers as Apple does. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { cached, isCached } from "./cache.ts";
import { findTool, run, ToolMissing } from "./tool.ts";

const VERSION = "0.15.4";
const NAME = `pushy-${VERSION}`;
const REMEDY = "install a Java development kit, 17 or newer (Debian: openjdk-17-jdk-headless)";

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>damso</groupId>
  <artifactId>apns</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>com.eatthepath</groupId>
      <artifactId>pushy</artifactId>
      <version>${VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-nop</artifactId>
      <version>1.7.36</version>
    </dependency>
  </dependencies>
</project>
`;

/** Starts the mock: a program of one file, which Java compiles as it starts. */
export const MOCK: string = join(import.meta.dir, "ApnsMock.java");

/** Throws ToolMissing when it cannot run here, or is not there and cannot be fetched. */
export async function checkApns(): Promise<void> {
  await findJava();
  if (!isCached(NAME)) findMaven();
}

/** One that compiles, and makes keys. */
async function findJava(): Promise<{ java: string; keytool: string }> {
  const { JAVA_HOME } = process.env;
  const named = (name: string): string =>
    findTool(
      JAVA_HOME === undefined ? name : join(JAVA_HOME, "bin", name),
      "it runs a mock of APNs",
      REMEDY,
    );
  const [java, keytool] = [named("java"), named("keytool")];
  if (!(await run([java, "--list-modules"])).includes("jdk.compiler"))
    throw new ToolMissing(`this Java compiles nothing: ${REMEDY}`);
  return { java, keytool };
}

function findMaven(): string {
  return findTool("mvn", "it fetches a mock of APNs", "install Maven (Debian: maven)");
}

/** The programs, and the folder of the jars, fetched once. */
export async function getApns(): Promise<{ java: string; keytool: string; jars: string }> {
  const programs = await findJava();
  const folder = await cached(NAME, async (cwd) => {
    const mvn = findMaven();
    writeFileSync(join(cwd, "pom.xml"), POM);
    const where = `-DoutputDirectory=${join(cwd, "jars")}`;
    const goal = "dependency:copy-dependencies";
    await run([mvn, "--batch-mode", "--quiet", goal, where, "-DincludeScope=runtime"], { cwd });
  });
  return { ...programs, jars: join(folder, "jars") };
}
