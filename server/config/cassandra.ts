/** Addresses of Cassandra as one text: `cassandra://user:password@host,host:9042/keyspace?data_center=dc1&tls=on`. */

export type CassandraAddress = {
  hosts: string[];
  port: number;
  keyspace: string;
  data_center: string;
  username?: string;
  password?: string;
  /** Paths of PEM files. */
  tls?: { ca?: string; cert?: string; key?: string };
};

const SHAPE =
  /^cassandra:\/\/(?:([^:@/]+):([^@/]*)@)?([A-Za-z0-9._-]+(?:,[A-Za-z0-9._-]+)*)(?::(\d{1,5}))?\/([a-z][a-z0-9_]{0,47})(?:\?(.+))?$/;
const PORT = 9042;
/** The one of an installation that nobody has told anything else. */
const DATA_CENTER = "datacenter1";

/** Undefined when the text is none. */
export function parseCassandra(text: string): CassandraAddress | undefined {
  const [, username, password, hosts, port, keyspace, query = ""] = SHAPE.exec(text) ?? [];
  const settings = parseSettings(query);
  if (hosts === undefined || keyspace === undefined || !settings) return undefined;
  return {
    hosts: hosts.split(","),
    port: port === undefined ? PORT : Number(port),
    keyspace,
    ...settings,
    ...(username !== undefined && {
      username: decodeURIComponent(username),
      password: decodeURIComponent(password ?? ""),
    }),
  };
}

/** What each word behind the `?` may be. */
const WORDS: Readonly<Record<string, RegExp>> = {
  data_center: /^[A-Za-z0-9._-]+$/,
  tls: /^on$/,
  ca: /./,
  cert: /./,
  key: /./,
};

/** A word that is misspelt must not turn off what it was to turn on. */
function parseSettings(query: string): Pick<CassandraAddress, "data_center" | "tls"> | undefined {
  const words = [...new URLSearchParams(query)];
  if (!words.every(([name, value]) => WORDS[name]?.test(value))) return undefined;
  const { data_center = DATA_CENTER, tls, ...files } = Object.fromEntries(words);
  const isHalf = (files["cert"] === undefined) !== (files["key"] === undefined);
  if (isHalf || (tls === undefined && Object.keys(files).length > 0)) return undefined;
  return { data_center, ...(tls !== undefined && { tls: files }) };
}
