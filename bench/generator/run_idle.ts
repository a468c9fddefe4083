import { kernelBytes } from "../measure/kernel.ts";
import { residentBytes } from "../measure/process.ts";
import { closeClient, type Observer } from "./client.ts";
import type { IdleOutcome, Plan } from "./plan.ts";
import { connectAll } from "./run_traffic.ts";

/** Sockets opened and closed before the first look, so that code and caches are paid for. */
const warmupSockets = 50;

/**
 * Memory of a socket that is authenticated and silent: the server's resident memory and the
 * kernel's, before and after all accounts connected, each after a rest.
 */
export async function runIdle(plan: Plan, settleSeconds: number): Promise<IdleOutcome> {
  const problems = new Set<string>();
  const observer: Observer = {
    sent: () => {},
    delivered: () => {},
    problem: (what) => problems.add(what),
  };
  const first = await connectAll(
    { ...plan, accounts: plan.accounts.slice(0, warmupSockets) },
    observer,
  );
  first.forEach(closeClient);
  await Bun.sleep(settleSeconds * 1000);

  const residentBefore = residentBytes(plan.server_pid);
  const kernelBefore = kernelBytes();
  const clients = await connectAll(plan, observer);
  await Bun.sleep(settleSeconds * 1000);
  const sockets = clients.length;
  const resident = residentBytes(plan.server_pid) - residentBefore;
  // Both ends of every connection are on this machine.
  const kernel = (kernelBytes() - kernelBefore) / 2;
  clients.forEach(closeClient);
  return {
    kind: "idle",
    figures: {
      sockets,
      server_bytes_per_socket: resident / sockets,
      kernel_bytes_per_socket: kernel / sockets,
    },
    problems: [...problems],
  };
}
