import type { Offer, Started } from "./catalog.ts";
import { kindOf, missingFor, provide, startOffer } from "./catalog.ts";

/** Starts some servers; when one of them does not start, none stays. */
export async function startAll(offers: readonly Offer[]): Promise<Started[]> {
  for (const offer of offers) {
    const missing = await missingFor(kindOf(offer));
    if (missing !== undefined) throw new Error(missing);
    await provide(kindOf(offer));
  }
  const results = await Promise.allSettled(offers.map(startOffer));
  const started = results.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const failed = results.find((one) => one.status === "rejected");
  if (!failed) return started;
  await stopAll(started);
  throw new Error(String(failed.reason));
}

export async function stopAll(started: readonly Started[]): Promise<void> {
  await Promise.all(started.map((one) => one.stop()));
}

/** Lines that a shell takes: with them in its environment, tests use these servers. */
export function exportsOf(started: readonly Started[]): string {
  return started.map(({ variable, address }) => `export ${variable}='${address}'\n`).join("");
}

/** Shows where they are and ends them at Ctrl-C. */
export async function endless(started: readonly Started[]): Promise<void> {
  process.stdout.write(exportsOf(started));
  console.error("Ctrl-C ends them.");
  const ended = Promise.withResolvers<void>();
  // The servers do not keep this process alive by themselves.
  const alive = setInterval(() => {}, 3_600_000);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => ended.resolve());
  await ended.promise;
  clearInterval(alive);
  await stopAll(started);
}
