/**
 * Which test files there are and how each is run, decided by name alone, so that nobody has to keep
 * a list. Paths are relative to the repository root, with forward slashes.
 */
export type Selection = {
  /** Run together, two at a time, each file in its own global. */
  unit: string[];
  /** Start real processes for minutes: one file at a time, each in a process of its own. */
  long: string[];
};

const test = /\.test\.tsx?$/;
const ignored = /(^|\/)(node_modules|dist)\//;
/** They need an engine that a fresh machine does not have, or a browser; they have their own commands. */
const service = /\.(nats|cassandra|postgres|s3)\.test\.ts$|^web\/e2e\//;
const long = /(^|[/.-])(crash|fuzz|demo)\.test\.ts$|\.process\.test\.ts$/;

/**
 * Sorts test files into the two ways of running them.
 * @param filters a file is taken when its path contains one of them; none means every file
 */
export function select(paths: Iterable<string>, filters: readonly string[]): Selection {
  const wanted = [...paths]
    .filter((path) => test.test(path) && !ignored.test(path) && !service.test(path))
    .filter((path) => filters.length === 0 || filters.some((filter) => path.includes(filter)))
    .toSorted();
  return {
    unit: wanted.filter((path) => !long.test(path)),
    long: wanted.filter((path) => long.test(path)),
  };
}
