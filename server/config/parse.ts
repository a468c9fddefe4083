/** From arguments and environment to a configuration, or to one sentence that says what is wrong with them. */
import { flagOf, OPTION_KEYS, OPTIONS, variableOf } from "./options.ts";
import type { Config, Option } from "./options.ts";

export type Parsed =
  | { kind: "config"; config: Config }
  | { kind: "help" }
  | { kind: "version" }
  | { kind: "wrong"; message: string };

export type Environment = Readonly<Record<string, string | undefined>>;

/** Flags win over the environment, that over the defaults. A variable that is set to nothing is not set. */
export function parseConfig(argv: readonly string[], env: Environment): Parsed {
  const texts = new Map<keyof Config, { text: string; from: string }>();
  for (const key of OPTION_KEYS) {
    const text = env[variableOf(key)];
    if (text) texts.set(key, { text, from: variableOf(key) });
  }
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i] as string;
    if (argument === "--help" || argument === "-h") return { kind: "help" };
    if (argument === "--version") return { kind: "version" };
    const [flag, inline] = split(argument);
    const key = OPTION_KEYS.find((one) => flagOf(one) === flag);
    if (!key) return wrong(unknown(argument, flag));
    const text = inline ?? argv[++i];
    if (text === undefined) return wrong(`${flag} needs a value: ${OPTIONS[key].kind.shape}`);
    texts.set(key, { text, from: flag });
  }
  return collect(texts);
}

function collect(texts: Map<keyof Config, { text: string; from: string }>): Parsed {
  const config: Partial<Record<keyof Config, unknown>> = {};
  for (const key of OPTION_KEYS) {
    const { kind, default: fallback, secret } = OPTIONS[key] as Option<unknown>;
    const given = texts.get(key);
    const value = given ? kind.parse(given.text) : fallback;
    if (value === undefined) {
      const shown = secret ? "" : `, not "${given?.text ?? ""}"`;
      return wrong(`${given?.from ?? key} must be ${kind.shape}${shown}`);
    }
    config[key] = value;
  }
  return together(config as Config);
}

/** Options that only make sense with each other. */
function together(config: Config): Parsed {
  const { apns_key, apns_key_id, apns_team_id } = config;
  if (apns_key !== "" && (apns_key_id === "" || apns_team_id === ""))
    return wrong(
      `${flagOf("apns_key")} needs ${flagOf("apns_key_id")} and ${flagOf("apns_team_id")}`,
    );
  return storesTogether(config);
}

function storesTogether(config: Config): Parsed {
  const { nats, cassandra, postgres, s3, roles, keys } = config;
  const engines = { nats, cassandra, postgres };
  const missing = (Object.keys(engines) as (keyof typeof engines)[]).filter((key) => !engines[key]);
  if (missing.length === 3) {
    if (s3 !== "") return wrong(`${flagOf("s3")} is for a cluster: it needs ${flagOf("nats")} too`);
    return roles.length < 3
      ? wrong(
          `${flagOf("roles")} are for a cluster; with the embedded stores one process does everything`,
        )
      : { kind: "config", config };
  }
  if (missing.length > 0)
    return wrong(`a cluster needs ${missing.map(flagOf).join(" and ")} as well`);
  if (keys === "")
    return wrong(`all nodes of a cluster have the same keys: give each ${flagOf("keys")}`);
  return { kind: "config", config };
}

function split(argument: string): [flag: string, inline: string | undefined] {
  const at = argument.indexOf("=");
  return at < 0 ? [argument, undefined] : [argument.slice(0, at), argument.slice(at + 1)];
}

function wrong(message: string): Parsed {
  return { kind: "wrong", message };
}

function unknown(argument: string, flag: string): string {
  if (!argument.startsWith("--")) return `"${argument}" is not an option; see --help`;
  const flags = [...OPTION_KEYS.map(flagOf), "--help", "--version"];
  const near = flags
    .map((one) => ({ one, distance: editDistance(flag, one) }))
    .sort((a, b) => a.distance - b.distance)[0];
  if (!near || near.distance > 3) return `there is no option ${flag}; see --help`;
  return `there is no option ${flag}; did you mean ${near.one}?`;
}

/** Levenshtein: insertions, deletions and substitutions between two short words. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
