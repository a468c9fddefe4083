/** The four checks that read the code without running it. Each counts as one in the totals. */
export type Check = { name: string; command: readonly string[]; remedy: string };

export const checks: readonly Check[] = [
  {
    name: "format",
    command: ["node_modules/.bin/oxfmt", "--list-different"],
    remedy: "npm run format",
  },
  {
    name: "lint",
    command: ["node_modules/.bin/oxlint"],
    remedy: "the rules stand in .oxlintrc.json",
  },
  {
    name: "types",
    command: ["node_modules/.bin/tsc", "-b"],
    remedy: "each folder's tsconfig.json says which globals it may see",
  },
  {
    name: "tidy",
    command: [process.execPath, "tools/tidy.ts"],
    remedy: "the house rules stand in tools/tidy/rules/",
  },
];

/** Runs one check in the repository root; prints one line, and its whole output when it failed. */
export async function runCheck(check: Check, root: string): Promise<boolean> {
  const started = performance.now();
  const child = Bun.spawn([...check.command], {
    cwd: root,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${code === 0 ? "ok    " : "FAILED"}  ${check.name} (${seconds} s)`);
  if (code !== 0) console.log(`${out}${err}`.trimEnd() + `\n  → ${check.remedy}\n`);
  return code === 0;
}
