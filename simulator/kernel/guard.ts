/**
 * A run that reads a real clock, waits for a real timer, draws a real random number, or touches a socket or file is not
 * a function of its seed. While a run is on, all of these throw, and are remembered even if what threw is swallowed.
 * Names that a module has imported by themselves cannot be replaced while it runs: that no module of a run imports any
 * from the platform is a rule of `tools/tidy/rules/bans.ts`.
 */
import fs from "node:fs";
import net from "node:net";

type Undo = () => void;

function replace<T extends object, K extends keyof T>(target: T, key: K, by: unknown): Undo {
  const was = target[key];
  if (!Reflect.set(target, key, by)) throw new Error(`${String(key)} cannot be guarded`);
  return () => void Reflect.set(target, key, was);
}

const GLOBALS = [
  "setTimeout",
  "setInterval",
  "setImmediate",
  "fetch",
  "WebSocket",
  "Worker",
  "MessageChannel",
  "BroadcastChannel",
  // When memory is swept is drawn from no seed.
  "WeakRef",
  "FinalizationRegistry",
] as const;
const BUN = [
  "serve",
  "connect",
  "listen",
  "spawn",
  "spawnSync",
  "write",
  "sleep",
  "sleepSync",
  "udpSocket",
  "nanoseconds",
  "file",
  "randomUUIDv7",
] as const;
const FILES = ["openSync", "readFileSync", "writeFileSync", "existsSync", "statSync"] as const;

/** They work on threads of their own, and end when those are done. */
const SUBTLE = [
  "digest",
  "sign",
  "verify",
  "encrypt",
  "decrypt",
  "deriveBits",
  "deriveKey",
  "generateKey",
  "importKey",
] as const;

/** Runs `work` guarded. Throws when anything real was touched, whatever `work` did with the error. */
export function guarded<T>(work: () => T): T {
  const touched: string[] = [];
  const refuse = (what: string) =>
    // A function that `new` takes too: classes are guarded as well.
    function refused(): never {
      touched.push(what);
      throw new Error(`${what} is real: a run must not touch it`);
    };
  const undo = [...replaceAll(refuse), guardDate(refuse)];
  let result: T;
  try {
    result = work();
  } finally {
    for (const back of undo) back();
  }
  if (touched.length > 0) throw new Error(`the run touched ${[...new Set(touched)].join(", ")}`);
  return result;
}

function replaceAll(refuse: (what: string) => () => never): Undo[] {
  return [
    ...GLOBALS.map((name) => replace(globalThis, name, refuse(name))),
    ...BUN.map((name) => replace(Bun, name, refuse(`Bun.${name}`))),
    ...FILES.map((name) => replace(fs, name, refuse(`fs.${name}`))),
    replace(net, "connect", refuse("net.connect")),
    replace(net, "createServer", refuse("net.createServer")),
    replace(Math, "random", refuse("Math.random")),
    replace(performance, "now", refuse("performance.now")),
    replace(crypto, "getRandomValues", refuse("crypto.getRandomValues")),
    replace(crypto, "randomUUID", refuse("crypto.randomUUID")),
    replace(process, "hrtime", refuse("process.hrtime")),
    replace(process, "uptime", refuse("process.uptime")),
    replace(process, "cpuUsage", refuse("process.cpuUsage")),
    replace(process, "memoryUsage", refuse("process.memoryUsage")),
    replace(Intl, "DateTimeFormat", refuse("Intl.DateTimeFormat")),
    replace(AbortSignal, "timeout", refuse("AbortSignal.timeout")),
    ...SUBTLE.map((name) => replace(crypto.subtle, name, refuse(`crypto.subtle.${name}`))),
  ];
}

/** `new Date(ms)` and its formatting are arithmetic; without an argument it reads the clock. */
function guardDate(refuse: (what: string) => () => never): Undo {
  const Real = Date;
  const Guarded = new Proxy(Real, {
    construct: (target, args: unknown[]) =>
      args.length === 0 ? refuse("new Date()")() : Reflect.construct(target, args),
    apply: refuse("Date()"),
    get: (target, key, receiver) =>
      key === "now" ? refuse("Date.now") : Reflect.get(target, key, receiver),
  });
  return replace(globalThis, "Date", Guarded);
}
