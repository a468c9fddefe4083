/**
 * Every option of the server, once: from this table come the flags, the environment variables, `--help`, and
 * docs/configuration.md. The key gives the names: `drain_ms` is `--drain-ms` and `DAMSO_DRAIN_MS`.
 */

export type Config = {
  port: number;
  host: string;
  data: string;
  roles: string;
  public_url: string;
  trusted_proxies: number;
  rate_limits: boolean;
  region: string;
  zone: string;
  capacity: number;
  drain_ms: number;
  log_level: "debug" | "info" | "warn" | "error";
  log_format: "auto" | "json" | "pretty";
};

export type Kind<T> = {
  /** What stands for the value in `--help`. */
  shape: string;
  /** The value, or undefined when the text is none. */
  parse(text: string): T | undefined;
  /** The value as one would write it. */
  print(value: T): string;
};

export type Option<T> = { kind: Kind<T>; default: T; help: string };

const text = (shape: string, accept: (text: string) => boolean = () => true): Kind<string> => ({
  shape,
  parse: (value) => (accept(value) ? value : undefined),
  print: (value) => value,
});

const whole = (min: number, max: number): Kind<number> => ({
  shape: `${min}..${max}`,
  parse(value) {
    const number = Number(value);
    return /^\d+$/.test(value) && number >= min && number <= max ? number : undefined;
  },
  print: String,
});

const onOff: Kind<boolean> = {
  shape: "on|off",
  parse: (value) => (value === "on" ? true : value === "off" ? false : undefined),
  print: (value) => (value ? "on" : "off"),
};

const oneOf = <const T extends string>(...values: T[]): Kind<T> => ({
  shape: values.join("|"),
  parse: (value) => values.find((one) => one === value),
  print: (value) => value,
});

const isHttpUrl = (value: string): boolean =>
  value === "" || (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol));

export const OPTIONS: { readonly [K in keyof Config]: Option<Config[K]> } = {
  port: {
    kind: whole(0, 65_535),
    default: 8080,
    help: "TCP port to listen on; 0 takes any free one and prints it",
  },
  host: {
    kind: text("address", (value) => value !== ""),
    default: "127.0.0.1",
    help: "address to listen on; 0.0.0.0 lets phones and other machines in your network reach the server",
  },
  data: {
    kind: text("directory", (value) => value !== ""),
    default: ".damso",
    help: "where everything is kept; made when it is not there, readable by its owner only",
  },
  roles: {
    kind: text("all", (value) => value === "all"),
    default: "all",
    help: "what this process does; with the embedded stores, everything",
  },
  public_url: {
    kind: text("url", isHttpUrl),
    default: "",
    help: "where clients reach this server, if not at its own address: behind a proxy, say",
  },
  trusted_proxies: {
    kind: whole(0, 16),
    default: 0,
    help: "proxies of yours in front of this server: so many entries of X-Forwarded-For are believed, none at 0",
  },
  rate_limits: {
    kind: onOff,
    default: true,
    help: "limit how fast one device sends and one address signs up; off for benchmarks only",
  },
  region: { kind: text("name"), default: "local", help: "region that discovery tells clients" },
  zone: { kind: text("name"), default: "local", help: "zone within the region" },
  capacity: {
    kind: whole(1, 10_000_000),
    default: 20_000,
    help: "sockets that this node holds, no more; discovery compares nodes by it",
  },
  drain_ms: {
    kind: whole(0, 600_000),
    default: 10_000,
    help: "how long sockets are sent away, a few at a time, when the server is told to stop",
  },
  log_level: {
    kind: oneOf("debug", "info", "warn", "error"),
    default: "info",
    help: "the least important lines that are written",
  },
  log_format: {
    kind: oneOf("auto", "json", "pretty"),
    default: "auto",
    help: "one JSON object a line, or lines for people; auto is pretty in a terminal",
  },
};

export const OPTION_KEYS: readonly (keyof Config)[] = Object.keys(OPTIONS) as (keyof Config)[];

export function flagOf(key: keyof Config): string {
  return `--${key.replaceAll("_", "-")}`;
}

export function variableOf(key: keyof Config): string {
  return `DAMSO_${key.toUpperCase()}`;
}
