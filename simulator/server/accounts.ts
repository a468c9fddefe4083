/** The relational store as one server reaches it: over a network, so every call takes time and may fail. */
import { memoryAccounts } from "@damso/contracts/fakes/accounts";
import type { Accounts } from "@damso/core/ports/accounts";
import type { Host } from "../kernel/host.ts";
import type { World } from "../world.ts";

type Call = (...args: unknown[]) => Promise<unknown>;

/** The accounts as one life of a server reaches them. */
export function reachAccounts(world: World, host: Host): Accounts {
  const whole = memoryAccounts(world.accounts) as unknown as Record<string, Record<string, Call>>;
  const reached: Record<string, unknown> = { close: () => Promise.resolve() };
  for (const [name, part] of Object.entries(whole)) {
    if (typeof part === "function") continue;
    const calls = Object.entries(part).map(([call, run]) => [call, slowly(world, host, run)]);
    reached[name] = Object.fromEntries(calls);
  }
  return reached as unknown as Accounts;
}

/** Time passes on the way there and on the way back: a crash falls before the change, or between it and the answer. */
function slowly(world: World, host: Host, call: Call): Call {
  const { scheduler, random, tally } = world;
  const way = (): Promise<void> => {
    const mean = world.accounts_faults.delay_ms;
    return scheduler.pause(0.05 + random.exponential(mean), "accounts", host);
  };
  return async (...args) => {
    await way();
    const { unavailable } = world.accounts_faults;
    if (unavailable > 0 && random.chance(unavailable)) {
      tally.fault("accounts store unavailable");
      throw Object.assign(new Error("the accounts store is unavailable"), { code: "unavailable" });
    }
    const answer = await call(...args);
    await way();
    return answer;
  };
}
