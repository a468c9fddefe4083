/**
 * Passwords as Argon2id hashes (RFC 9106), in the PHC string format, which carries its own parameters.
 * 19 MiB and 2 passes are what OWASP asks for; at two at a time that is 38 MiB and both cores for 50 ms. Rule X2.
 */
import type { Clock } from "@damso/core/ports/clock";
import type { Result } from "@damso/core/result";
import { createTurns } from "./turns.ts";

export type Passwords = {
  /** The hash to keep. `busy` when too many wait. */
  hash(password: string, signal?: AbortSignal): Promise<Result<string>>;
  /**
   * Whether the password has this hash. Without a hash, which is to say without a user, the answer is false after
   * the same work: how long a log-in takes must not tell which usernames exist.
   */
  verify(
    password: string,
    hash: string | undefined,
    signal?: AbortSignal,
  ): Promise<Result<boolean>>;
};

export type PasswordOptions = {
  clock: Clock;
  memory_kib?: number;
  passes?: number;
  running_max?: number;
  waiting_max?: number;
};

export function createPasswords(options: PasswordOptions): Passwords {
  const { clock, running_max = 2, waiting_max = 64 } = options;
  const cost = {
    algorithm: "argon2id",
    memoryCost: options.memory_kib ?? 19 * 1024,
    timeCost: options.passes ?? 2,
  } as const;
  const turns = createTurns({ running_max, waiting_max, clock });
  const nobody = Bun.password.hash(crypto.randomUUID(), cost);
  return {
    hash: (password, signal) =>
      turns.run(() => Bun.password.hash(normalize(password), cost), signal),
    verify: (password, hash, signal) =>
      turns.run(async () => {
        const same = await Bun.password.verify(normalize(password), hash ?? (await nobody));
        return same && hash !== undefined;
      }, signal),
  };
}

/** RFC 8265 section 4.2: keyboards that compose Hangul or accents differently type the same password. */
function normalize(password: string): string {
  return password.normalize("NFC");
}
