/**
 * The native side of the app for phones, as Capacitor puts it into the page before any script runs. Only these two
 * functions are used, which its own library is built on too: so nothing of it is bundled into the page.
 */
export type Bridge = {
  platform: "android" | "ios";
  /** Calls a method of a plugin. */
  call: <T>(plugin: string, method: string, options?: object) => Promise<T>;
  /** For as long as the page lives. */
  listen: <T>(plugin: string, event: string, heard: (value: T) => void) => void;
};

type Capacitor = {
  getPlatform: () => string;
  nativePromise: (plugin: string, method: string, options?: object) => Promise<unknown>;
  addListener: (plugin: string, event: string, heard: (value: never) => void) => unknown;
};

/** Undefined in a browser. */
export function findBridge(page: object): Bridge | undefined {
  const { Capacitor: native } = page as { Capacitor?: Partial<Capacitor> };
  const { getPlatform, nativePromise, addListener } = native ?? {};
  const platform = getPlatform?.();
  if (platform !== "android" && platform !== "ios") return undefined;
  if (nativePromise === undefined || addListener === undefined) return undefined;
  return {
    platform,
    call: <T>(plugin: string, method: string, options: object = {}) =>
      nativePromise(plugin, method, options) as Promise<T>,
    listen: (plugin, event, heard) => void addListener(plugin, event, heard),
  };
}
