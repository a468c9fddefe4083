/** The table of options as `--help` and as docs/configuration.md. */
import { flagOf, OPTION_KEYS, OPTIONS, variableOf } from "./options.ts";
import type { Config, Option } from "./options.ts";

function defaultOf(key: keyof Config): string {
  const option = OPTIONS[key] as Option<unknown>;
  return option.kind.print(option.default);
}

export function helpText(): string {
  const heads = OPTION_KEYS.map((key) => `  ${flagOf(key)} ${OPTIONS[key].kind.shape}`);
  const width = Math.max(...heads.map((head) => head.length)) + 2;
  const lines = OPTION_KEYS.map((key, i) => {
    const shown = defaultOf(key) === "" ? "" : ` [${defaultOf(key)}]`;
    return `${(heads[i] as string).padEnd(width)}${OPTIONS[key].help}${shown}`;
  });
  return [
    "damso: a chat server in one process",
    "",
    "Usage: damso [options]",
    "       damso export --to DIR [options]    all that is kept, as files; no server may run",
    "       damso import --from DIR [options]  such files into an empty place",
    "       damso verify --of DIR [options]    compares the files, and what is kept, with what they say",
    "       damso restored [options]           after a backup was put back, before the server starts",
    "       damso doctor push [--user NAME]    what keeps notifications from coming; NAME's devices get a test",
    "",
    ...lines,
    `${"  --help".padEnd(width)}this text`,
    `${"  --version".padEnd(width)}the version`,
    "",
    "Every option is an environment variable too: --drain-ms is DAMSO_DRAIN_MS. Flags win.",
    "",
  ].join("\n");
}

/** The text of docs/configuration.md; a test holds the file against it. */
export function configurationPage(): string {
  const rows = OPTION_KEYS.map((key) => {
    const shape = OPTIONS[key].kind.shape.replaceAll("|", "\\|");
    const shown = defaultOf(key) === "" ? "–" : `\`${defaultOf(key)}\``;
    return `| \`${flagOf(key)}\` | \`${variableOf(key)}\` | ${shape} | ${shown} | ${OPTIONS[key].help} |`;
  });
  return [
    "# Configuration",
    "",
    "Every option is a flag (`--port 8080` or `--port=8080`) and an environment variable; the flag wins.",
    "An option that does not exist, or a value of the wrong kind, stops the start with one line that says so.",
    "",
    "| flag | variable | value | default | meaning |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
    "",
    "The server listens on this machine only until you say otherwise: anyone who reaches it can sign up.",
    "To chat from a phone in the same network, start it with `--host 0.0.0.0`; on the internet, put a proxy that",
    "speaks TLS in front of it and set `--public-url`, and `--trusted-proxies 1` if the proxy appends the address that it",
    "was asked from to `X-Forwarded-For`: without that, all of its users share one address's sign-ups and log-ins.",
    "",
    "This page is made from the table in `server/config/options.ts` by `bun server/config/main.ts`.",
    "",
  ].join("\n");
}
