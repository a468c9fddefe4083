import type { Totals } from "./totals.ts";

/** One test that failed, as a person wants to read it. */
export type Failure = { file: string; line: number; title: string; reason: string };

export type Report = { totals: Totals; failures: Failure[] };

const testcase = /<testcase ([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g;

/**
 * Reads the JUnit report of `bun test` and holds it against the files that were asked for.
 *
 * A file that does not load leaves no trace in the report, and a process that exits or dies early
 * leaves no report at all (Bun 1.4.5). So every file asked for that has no test in the report counts
 * as one failure: silence is never a pass.
 *
 * @param xml the report, empty when none was written
 * @param files the files asked for, as paths from the folder that `bun test` ran in
 */
export function readReport(xml: string, files: readonly string[]): Report {
  const totals: Totals = { passed: 0, failed: 0, skipped: 0 };
  const failures: Failure[] = [];
  const seen = new Set<string>();
  for (const [, attributes = "", body = ""] of xml.matchAll(testcase)) {
    const file = attribute(attributes, "file");
    seen.add(file);
    if (body.includes("<skipped")) totals.skipped += 1;
    else if (!body.includes("<failure")) totals.passed += 1;
    else failures.push(toFailure(file, attributes, body));
  }
  for (const file of files) {
    if (!seen.has(file)) failures.push(silent(file));
  }
  return { totals: { ...totals, failed: failures.length }, failures };
}

function toFailure(file: string, attributes: string, body: string): Failure {
  const groups = attribute(attributes, "classname");
  const name = attribute(attributes, "name");
  return {
    file,
    line: Number(attribute(attributes, "line") || 1),
    title: groups === "" ? name : `${groups} > ${name}`,
    reason: attribute(body, "message").split("\n")[0] ?? "",
  };
}

function silent(file: string): Failure {
  const reason = "it does not load, its process died before its first result, or it has no test";
  return { file, line: 1, title: "no test of this file ran", reason };
}

function attribute(text: string, name: string): string {
  const found = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(text);
  return unescape(found?.[1] ?? "");
}

const entities: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

function unescape(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (decimal) return String.fromCodePoint(Number(decimal));
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16));
    return entities[name] ?? whole;
  });
}
