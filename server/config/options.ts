/**
 * Every option of the server, once: from this table come the flags, the environment variables, `--help`, and
 * docs/configuration.md. The key gives the names: `drain_ms` is `--drain-ms` and `DAMSO_DRAIN_MS`.
 */
import { parseCassandra } from "./cassandra.ts";
import { oneOf, onOff, someOf, text, urls, whole } from "./kinds.ts";
import type { Kind } from "./kinds.ts";

export type Config = {
  port: number;
  host: string;
  data: string;
  roles: readonly Role[];
  public_url: string;
  trusted_proxies: number;
  rate_limits: boolean;
  region: string;
  zone: string;
  capacity: number;
  drain_ms: number;
  log_level: "debug" | "info" | "warn" | "error";
  log_format: "auto" | "json" | "pretty";
  admin_token: string;
  admin_first_user: boolean;
  node_id: string;
  keys: string;
  nats: string;
  nats_monitors: string;
  cassandra: string;
  postgres: string;
  s3: string;
  vapid_subject: string;
  push_services: string;
  push_anywhere: boolean;
  fcm_account: string;
  apns_key: string;
  apns_key_id: string;
  apns_team_id: string;
  apns_sandbox: boolean;
  cluster: string;
  shards: number;
  epoch: number;
  replicas: 1 | 3;
  unflushed_mib: number;
};

export type Option<T> = {
  kind: Kind<T>;
  default: T;
  help: string;
  /** Its value may hold a password: it is named in messages and never shown. */
  secret?: true;
};

const isHttpUrl = (value: string): boolean =>
  value === "" || (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol));

const isSubject = (value: string): boolean =>
  value === "" || /^mailto:[^@\s]+@[^@\s]+$/.test(value) || /^https:\/\/\S+$/.test(value);

const isHosts = (value: string): boolean =>
  value === "" || value.split(",").every((one) => /^\.?[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(one));

const isCassandra = (value: string): boolean => value === "" || parseCassandra(value) !== undefined;

const copies: Kind<1 | 3> = {
  shape: "1|3",
  parse: (value) => (value === "1" ? 1 : value === "3" ? 3 : undefined),
  print: String,
};

/** What a node can do. */
export type Role = "api" | "gateway" | "shard";

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
    kind: someOf("api", "gateway", "shard"),
    default: ["api", "gateway", "shard"],
    help: "what this process does in a cluster; with the embedded stores, everything",
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
  admin_token: {
    kind: text("secret", (value) => value === "" || /^\S{16,512}$/.test(value)),
    default: "",
    help: "16 or more characters: whoever presents them administers the server, at /admin; better given as a variable",
    secret: true,
  },
  admin_first_user: {
    kind: onOff,
    default: false,
    help: "whether the user whose account was made first administers the server",
  },
  node_id: {
    kind: text("name", (value) => /^[A-Za-z0-9._-]{0,64}$/.test(value)),
    default: "",
    help: "name of this node in a cluster, which no other has; without one it takes a new one at each start",
  },
  keys: {
    kind: text("file"),
    default: "",
    help: "the server's keys, made when they are not there: the same file for all nodes of a cluster; else in the data directory",
  },
  nats: {
    kind: urls("nats", "tls"),
    default: "",
    help: "servers of NATS with JetStream, with commas between them: makes this a node of a cluster",
    secret: true,
  },
  nats_monitors: {
    kind: urls("http", "https"),
    default: "",
    help: "monitoring addresses of the same servers: an unsafe one is refused at the start",
  },
  cassandra: {
    kind: text("cassandra://host,host:port/keyspace", isCassandra),
    default: "",
    help: "nodes of Cassandra and the keyspace, for a cluster",
    secret: true,
  },
  postgres: {
    kind: urls("postgres", "postgresql"),
    default: "",
    help: "the PostgreSQL database of accounts, for a cluster",
    secret: true,
  },
  s3: {
    kind: urls("http", "https"),
    default: "",
    help: "bucket of an S3-compatible store for media, http://key:secret@host:port/bucket; else in the data directory",
    secret: true,
  },
  vapid_subject: {
    kind: text("mailto:… or https://…", isSubject),
    default: "",
    help: "whom push services may ask about what this server sends to browsers; Safari's wants one; else the public url",
  },
  push_services: {
    kind: text("host,.domain", isHosts),
    default: "",
    help: "push services of browsers beside the known ones, with commas between them; a leading dot stands for all below",
  },
  push_anywhere: {
    kind: onOff,
    default: false,
    help: "for development only: push to any address that a client names, this machine's and http ones too",
  },
  fcm_account: {
    kind: text("file"),
    default: "",
    help: "JSON key of a Firebase service account, for pushes to Android apps",
  },
  apns_key: {
    kind: text("file"),
    default: "",
    help: "key from Apple (.p8), for pushes to iOS apps; with --apns-key-id and --apns-team-id",
  },
  apns_key_id: { kind: text("name"), default: "", help: "ten characters that Apple gave the key" },
  apns_team_id: {
    kind: text("name"),
    default: "",
    help: "ten characters that Apple gave the team",
  },
  apns_sandbox: {
    kind: onOff,
    default: false,
    help: "speak to the sandbox of APNs: for apps that Xcode installed",
  },
  cluster: {
    kind: text("name", (value) => /^[a-z][a-z0-9_]{0,30}$/.test(value)),
    default: "damso",
    help: "what the streams and buckets of this cluster begin with",
  },
  shards: {
    kind: whole(1, 512),
    default: 64,
    help: "shards of the cluster; the same for all nodes, and fixed until the next epoch",
  },
  epoch: {
    kind: whole(1, 8191),
    default: 1,
    help: "of the logs; one more whenever the number of shards changes or the stores were put back",
  },
  replicas: {
    kind: copies,
    default: 1,
    help: "copies of what NATS and Cassandra hold, when this node is the one that makes their streams and tables",
  },
  unflushed_mib: {
    kind: whole(1, 65_536),
    default: 64,
    help: "MiB of one shard that the table may be behind its log; beyond that its sends are refused as busy until it has caught up",
  },
};

export const OPTION_KEYS: readonly (keyof Config)[] = Object.keys(OPTIONS) as (keyof Config)[];

export function flagOf(key: keyof Config): string {
  return `--${key.replaceAll("_", "-")}`;
}

export function variableOf(key: keyof Config): string {
  return `DAMSO_${key.toUpperCase()}`;
}
