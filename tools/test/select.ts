/**
 * Which test files there are and how each is run, decided by name alone, so that nobody has to keep
 * a list. Paths are relative to the repository root, with forward slashes.
 */
export type Selection = {
  /** Run together, two at a time, each file in its own global. */
  unit: string[];
  /** Start real processes for minutes: one file at a time, each in a process of its own. */
  long: string[];
  /** Need servers that are started for them: tools/services/needs.ts says which. */
  cluster: string[];
  /** Play scenes in a browser, against a server of their own. */
  browser: string[];
};

const test = /\.test\.tsx?$/;
const ignored = /(^|\/)(node_modules|dist)\//;
const browser = /\.browser\.test\.ts$/;
const cluster = /\.(nats|cassandra|postgres|s3|apns|cluster)\.test\.ts$/;
const long = /(^|[/.-])(crash|fuzz|demo)\.test\.ts$|\.process\.test\.ts$/;

/**
 * Sorts test files into the four ways of running them.
 * @param filters a file is taken when its path contains one of them; none means every file
 */
export function select(paths: Iterable<string>, filters: readonly string[]): Selection {
  const wanted = [...paths]
    .filter((path) => test.test(path) && !ignored.test(path))
    .filter((path) => filters.length === 0 || filters.some((filter) => path.includes(filter)))
    .toSorted();
  const alone = wanted.filter((path) => !cluster.test(path) && !browser.test(path));
  return {
    unit: alone.filter((path) => !long.test(path)),
    long: alone.filter((path) => long.test(path)),
    cluster: wanted.filter((path) => cluster.test(path)),
    browser: wanted.filter((path) => browser.test(path)),
  };
}
