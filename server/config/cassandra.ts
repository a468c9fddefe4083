/** Addresses of Cassandra as one text: `cassandra://user:password@host,host:9042/keyspace?data_center=dc1`. */

export type CassandraAddress = {
  hosts: string[];
  port: number;
  keyspace: string;
  data_center: string;
  username?: string;
  password?: string;
};

const SHAPE =
  /^cassandra:\/\/(?:([^:@/]+):([^@/]*)@)?([A-Za-z0-9._-]+(?:,[A-Za-z0-9._-]+)*)(?::(\d{1,5}))?\/([a-z][a-z0-9_]{0,47})(?:\?data_center=([A-Za-z0-9._-]+))?$/;
const PORT = 9042;
/** The one of an installation that nobody has told anything else. */
const DATA_CENTER = "datacenter1";

/** Undefined when the text is none. */
export function parseCassandra(text: string): CassandraAddress | undefined {
  const [, username, password, hosts, port, keyspace, data_center] = SHAPE.exec(text) ?? [];
  if (hosts === undefined || keyspace === undefined) return undefined;
  return {
    hosts: hosts.split(","),
    port: port === undefined ? PORT : Number(port),
    keyspace,
    data_center: data_center ?? DATA_CENTER,
    ...(username !== undefined && {
      username: decodeURIComponent(username),
      password: decodeURIComponent(password ?? ""),
    }),
  };
}
