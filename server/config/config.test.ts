import { describe, expect, test } from "bun:test";
import { parseCassandra } from "./cassandra.ts";
import { configurationPage, helpText } from "./help.ts";
import { flagOf, OPTION_KEYS, OPTIONS, variableOf } from "./options.ts";
import type { Config } from "./options.ts";
import { editDistance, parseConfig } from "./parse.ts";

function configOf(argv: string[], env: Record<string, string> = {}): Config {
  const parsed = parseConfig(argv, env);
  if (parsed.kind !== "config") throw new Error(JSON.stringify(parsed));
  return parsed.config;
}

function wrongOf(argv: string[], env: Record<string, string> = {}): string {
  const parsed = parseConfig(argv, env);
  if (parsed.kind !== "wrong") throw new Error(JSON.stringify(parsed));
  return parsed.message;
}

describe("options", () => {
  test("without anything every option has its default", () => {
    const config = configOf([]);
    for (const key of OPTION_KEYS) expect(config[key]).toBe(OPTIONS[key].default);
  });

  test("a flag is written with a space or an equals sign", () => {
    expect(configOf(["--port", "9000"]).port).toBe(9000);
    expect(configOf(["--port=9000"]).port).toBe(9000);
    expect(configOf(["--public-url=https://a.example/?x=1"]).public_url).toBe(
      "https://a.example/?x=1",
    );
    expect(configOf(["--rate-limits", "off"]).rate_limits).toBe(false);
    expect(configOf(["--trusted-proxies=2"]).trusted_proxies).toBe(2);
  });

  test("flags win over the environment, that over the default; an empty variable is not set", () => {
    const env = { DAMSO_PORT: "1", DAMSO_REGION: "eu", DAMSO_ZONE: "" };
    expect(configOf(["--port", "2"], env)).toMatchObject({ port: 2, region: "eu", zone: "local" });
  });

  test("every printed default parses to itself", () => {
    for (const key of OPTION_KEYS) {
      const { kind, default: value } = OPTIONS[key] as {
        kind: { parse(text: string): unknown; print(value: unknown): string };
        default: unknown;
      };
      expect(kind.parse(kind.print(value))).toEqual(value);
    }
  });

  test("an unknown flag is refused, with the nearest one", () => {
    expect(wrongOf(["--prot", "1"])).toBe("there is no option --prot; did you mean --port?");
    expect(wrongOf(["--rate-limit=off"])).toContain("did you mean --rate-limits?");
    expect(wrongOf(["--something-else"])).toBe("there is no option --something-else; see --help");
    expect(wrongOf(["serve"])).toBe('"serve" is not an option; see --help');
  });

  test("a value of the wrong kind is refused, naming where it came from", () => {
    expect(wrongOf(["--port", "http"])).toBe('--port must be 0..65535, not "http"');
    expect(wrongOf(["--port", "65536"])).toContain("0..65535");
    expect(wrongOf([], { DAMSO_RATE_LIMITS: "yes" })).toBe(
      'DAMSO_RATE_LIMITS must be on|off, not "yes"',
    );
    expect(wrongOf(["--port"])).toBe("--port needs a value: 0..65535");
    expect(wrongOf(["--public-url", "ftp://x"])).toContain("--public-url must be");
    expect(wrongOf(["--roles", "cook"])).toContain("--roles must be all|api,gateway,shard");
  });

  test("a cluster needs all of its engines, and a part of a server needs a cluster", () => {
    const nats = ["--nats", "nats://a:4222,nats://b:4222"];
    const others = [
      "--cassandra",
      "cassandra://a,b:9042/damso",
      "--postgres",
      "postgres://a/damso",
    ];
    expect(wrongOf(["--roles", "gateway"])).toContain("--roles are for a cluster");
    expect(wrongOf(nats)).toBe("a cluster needs --cassandra and --postgres as well");
    expect(wrongOf([...nats, ...others])).toContain("--keys");
    const all = parseConfig([...nats, ...others, "--keys", "k", "--roles", "api,gateway"], {});
    expect(all).toMatchObject({
      kind: "config",
      config: { roles: ["api", "gateway"], shards: 64 },
    });
  });

  test("what may hold a password is not repeated", () => {
    expect(wrongOf(["--postgres", "mysql://me:secret@a/b"])).not.toContain("secret");
    expect(wrongOf(["--cassandra", "cassandra://me:secret@a"])).not.toContain("secret");
  });

  test("an address of Cassandra names hosts, a port, a keyspace and a data center", () => {
    expect(parseCassandra("cassandra://a,b:9999/damso?data_center=dc1")).toEqual({
      hosts: ["a", "b"],
      port: 9999,
      keyspace: "damso",
      data_center: "dc1",
    });
    expect(parseCassandra("cassandra://me:p%40ss@a/damso")).toMatchObject({
      port: 9042,
      username: "me",
      password: "p@ss",
    });
    for (const wrong of ["", "cassandra://", "cassandra://a", "http://a/damso", "cassandra://a/1"])
      expect(parseCassandra(wrong)).toBeUndefined();
  });

  test("an address of Cassandra turns TLS on with its files, or makes no sense: never half of it", () => {
    const tlsOf = (query: string): unknown => parseCassandra(`cassandra://a/damso?${query}`)?.tls;
    expect(tlsOf("data_center=dc1")).toBeUndefined();
    expect(tlsOf("data_center=dc1&tls=on")).toEqual({});
    const files = { ca: "/etc/ca.pem", cert: "/etc/c.pem", key: "/etc/k.pem" };
    expect(tlsOf("tls=on&ca=/etc/ca.pem&cert=/etc/c.pem&key=%2Fetc%2Fk.pem")).toEqual(files);
    const wrong = ["tls=yes", "tls=", "TLS=on", "ca=/a", "tls=on&cert=/a", "tls=on&key=/a", "x=1"];
    for (const query of wrong)
      expect(parseCassandra(`cassandra://a/damso?${query}`)).toBeUndefined();
  });

  test("--help and --version stop the start", () => {
    expect(parseConfig(["--port", "1", "--help"], {})).toEqual({ kind: "help" });
    expect(parseConfig(["--version"], {})).toEqual({ kind: "version" });
  });

  test("--help names every option", () => {
    const help = helpText();
    for (const key of OPTION_KEYS) expect(help).toContain(flagOf(key));
  });

  test("docs/configuration.md is what the table says", async () => {
    const page = await Bun.file(new URL("../../docs/configuration.md", import.meta.url)).text();
    expect(page).toBe(configurationPage());
    for (const key of OPTION_KEYS) expect(page).toContain(variableOf(key));
  });

  test("edit distance counts insertions, deletions and substitutions", () => {
    expect(editDistance("", "abc")).toBe(3);
    expect(editDistance("port", "prot")).toBe(2);
    expect(editDistance("kitten", "sitting")).toBe(3);
    expect(editDistance("same", "same")).toBe(0);
  });
});
