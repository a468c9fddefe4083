/** A phone in memory: plugins that answer by script, a safe, and events that a test sends. */
import type { Bridge } from "../bridge.ts";

export type FakeBridge = Bridge & {
  calls: { name: string; options: object }[];
  /** What a method answers, as `Plugin.method`; an error is thrown. */
  answers: Map<string, unknown>;
  safe: Map<string, string>;
  send: (name: string, value: unknown) => void;
};

export function fakeBridge(platform: Bridge["platform"] = "android"): FakeBridge {
  const calls: FakeBridge["calls"] = [];
  const answers = new Map<string, unknown>([
    ["PushNotifications.checkPermissions", { receive: "prompt" }],
    ["PushNotifications.requestPermissions", { receive: "granted" }],
    ["App.getInfo", { id: "app.damso" }],
  ]);
  const safe = new Map<string, string>();
  const heard = new Map<string, ((value: never) => void)[]>();
  return {
    platform,
    calls,
    answers,
    safe,
    call: async <T>(plugin: string, method: string, options: object = {}): Promise<T> => {
      const name = `${plugin}.${method}`;
      calls.push({ name, options });
      const answer = answers.get(name);
      if (answer instanceof Error) throw answer;
      return (plugin === "SecureStorage" ? safely(safe, method, options) : answer) as T;
    },
    listen: (plugin, event, listener) => {
      const name = `${plugin}.${event}`;
      heard.set(name, [...(heard.get(name) ?? []), listener]);
    },
    send: (name, value) => {
      for (const listener of heard.get(name) ?? []) listener(value as never);
    },
  };
}

type SafeOptions = { prefixedKey?: string; data?: string };

function safely(safe: Map<string, string>, method: string, options: object): unknown {
  const { prefixedKey = "", data = "" } = options as SafeOptions;
  switch (method) {
    case "internalGetItem":
      return { data: safe.get(prefixedKey) ?? null };
    case "internalSetItem":
      return void safe.set(prefixedKey, data);
    default:
      return { success: safe.delete(prefixedKey) };
  }
}
