/**
 * Structured logs: one line an entry, bounded in length and number, without secrets. What a line says is in its fields;
 * the message is a constant that one can search for.
 */
import type { Clock } from "@damso/core/ports/clock";

export type Fields = Readonly<Record<string, unknown>>;
export type Level = "debug" | "info" | "warn" | "error";
export type Log = { readonly [L in Level]: (message: string, fields?: Fields) => void };

export type LogOptions = {
  /** Looked at for each line: whoever holds this record may change it at work. */
  level: Level;
  format: "json" | "pretty";
  clock: Clock;
  /** Takes one line with its end. */
  write(line: string): void;
};

const RANK: Readonly<Record<Level, number>> = { debug: 0, info: 1, warn: 2, error: 3 };
/** Fields by these names are secrets or hold one, wherever they stand. */
const SECRET = /token|password|secret|authorization|cookie|hash$|^p256dh$|^auth$|^body$/i;
const STRING_MAX = 2000;
const LIST_MAX = 20;
const DEPTH_MAX = 4;
/** Lines of one second; what is beyond is counted and told in the next. */
const LINES_PER_SECOND_MAX = 200;

export function createLog(options: LogOptions): Log {
  let second = 0;
  let lines = 0;
  let dropped = 0;

  const emit = (level: Level, now: number, message: string, fields: Fields): void => {
    const line = options.format === "json" ? jsonLine : prettyLine;
    options.write(line(level, now, message, clean(fields, 0) as Record<string, unknown>));
  };

  const admit = (now: number): boolean => {
    const present = Math.floor(now / 1000);
    if (present !== second) {
      [second, lines] = [present, 0];
      if (dropped > 0) emit("warn", now, "log lines dropped", { lines: dropped });
      dropped = 0;
    }
    if (++lines <= LINES_PER_SECOND_MAX) return true;
    dropped++;
    return false;
  };

  const at =
    (level: Level) =>
    (message: string, fields: Fields = {}): void => {
      if (RANK[level] < RANK[options.level]) return;
      const now = options.clock.now();
      if (admit(now)) emit(level, now, message, fields);
    };

  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

function jsonLine(level: Level, now: number, message: string, fields: Fields): string {
  return `${JSON.stringify({ at: new Date(now).toISOString(), level, message, ...fields })}\n`;
}

function prettyLine(level: Level, now: number, message: string, fields: Fields): string {
  const time = new Date(now).toISOString().slice(11, 23);
  const { error, ...rest } = fields;
  const parts = Object.entries(rest).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  const head = [time, level.padEnd(5), message, ...parts].join(" ");
  return error === undefined ? `${head}\n` : `${head}\n${prettyError(error)}\n`;
}

function prettyError(error: unknown): string {
  const stack = (error as { stack?: unknown } | null)?.stack;
  return typeof stack === "string" ? stack : JSON.stringify(error);
}

/** A copy that is safe to print: secrets replaced, errors spelled out, long and deep things cut. */
function clean(value: unknown, depth: number): unknown {
  if (typeof value === "string") return cut(value);
  if (typeof value === "bigint") return String(value);
  if (typeof value === "function" || typeof value === "symbol") return typeof value;
  if (typeof value !== "object" || value === null) return value;
  if (depth > DEPTH_MAX) return "…";
  if (value instanceof Error) return cleanError(value, depth);
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  if (Array.isArray(value)) {
    const kept = value.slice(0, LIST_MAX).map((one) => clean(one, depth + 1));
    return value.length > LIST_MAX ? [...kept, `… ${value.length - LIST_MAX} more`] : kept;
  }
  const entries = Object.entries(value).slice(0, LIST_MAX * 2);
  return Object.fromEntries(
    entries.map(([key, one]) => [key, SECRET.test(key) ? "[redacted]" : clean(one, depth + 1)]),
  );
}

function cleanError(error: Error, depth: number): Record<string, unknown> {
  const { code } = error as { code?: unknown };
  return {
    name: error.name,
    message: cut(error.message),
    ...(code === undefined ? {} : { code: clean(code, depth + 1) }),
    ...(error.stack === undefined ? {} : { stack: cut(error.stack) }),
    ...(error.cause === undefined ? {} : { cause: clean(error.cause, depth + 1) }),
  };
}

function cut(text: string): string {
  return text.length <= STRING_MAX ? text : `${text.slice(0, STRING_MAX)}…`;
}

/** For tests and for parts that run without anyone listening. */
export const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} };
