/** Errors that nobody waited for: they are told between two runs, and belong to the one before. */

const strays: string[] = [];

/** From now on such an error ends no process. */
export function collectStrays(): void {
  for (const kind of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(kind, (error: unknown) => {
      strays.push(`nobody caught: ${error instanceof Error ? (error.stack ?? "") : String(error)}`);
    });
  }
}

/** Those since it was asked last. */
export async function takeStrays(): Promise<string[]> {
  await new Promise((resolve) => setImmediate(resolve));
  return strays.splice(0);
}
