/** Secrets in the device's own safe: the keystore of Android, the keychain of iOS. */
import type { Keep } from "../../model/keep.ts";
import type { Bridge } from "./bridge.ts";

export type Vault = {
  read: (key: string) => Promise<string | undefined>;
  /** One after the other, so that the last word stays. */
  write: (key: string, text: string | undefined) => Promise<void>;
};

const PLUGIN = "SecureStorage";
const PREFIX = "damso.";
/**
 * `afterFirstUnlockThisDeviceOnly`: there for a push that wakes the app, and in no backup that could be put on another
 * device, where a second owner of a refresh token would end the session of both.
 */
const ACCESS = 3;

export function openVault(bridge: Bridge): Vault {
  let last: Promise<unknown> = Promise.resolve();
  const at = (key: string): object => ({ prefixedKey: PREFIX + key, sync: false });
  return {
    read: async (key) => {
      const { data } = await bridge.call<{ data: string | null }>(
        PLUGIN,
        "internalGetItem",
        at(key),
      );
      return data ?? undefined;
    },
    write: async (key, text) => {
      const change = (): Promise<unknown> =>
        text === undefined
          ? bridge.call(PLUGIN, "internalRemoveItem", at(key))
          : bridge.call(PLUGIN, "internalSetItem", { ...at(key), data: text, access: ACCESS });
      const done = last.then(change, change);
      last = done;
      await done;
    },
  };
}

/**
 * A keep whose one secret lies in the vault and everything else where it lay before. `known` is what the vault has. A
 * write that is lost with the process costs nothing: the server takes the token before it once more (rule X4).
 */
export function secretKeep(
  keep: Keep,
  vault: Vault,
  secret: string,
  known: string | undefined,
): Keep {
  let text = known;
  const change = (next: string | undefined): void => {
    text = next;
    // A full safe forgets, as a full storage does.
    vault.write(secret, next).catch(() => undefined);
  };
  return {
    get: (key) => (key === secret ? text : keep.get(key)),
    set: (key, next) => (key === secret ? change(next) : keep.set(key, next)),
    remove: (key) => (key === secret ? change(undefined) : keep.remove(key)),
  };
}
