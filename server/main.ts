/** `damso`: reads the configuration, starts a node, and stops it when told to; or carries its stores elsewhere. */
import { networkInterfaces } from "node:os";
import { version } from "./package.json";
import { readConfig } from "./config.ts";
import type { Command, Config } from "./config.ts";
import { helpText } from "./config/help.ts";
import { examinePush, printed } from "./doctor/push.ts";
import { createLog } from "./log.ts";
import type { Log, LogOptions } from "./log.ts";
import { startNode } from "./node.ts";
import type { Node } from "./node.ts";
import { openPage } from "./page.ts";
import { systemClock } from "./timers.ts";
import { carry } from "./portable/commands.ts";
import { REFUSED } from "./portable/stores.ts";
import { SHAPE } from "./shard/shape.ts";
import { DATA_IN_USE, wire, wireDoctor, wireRestored, wireStores } from "./wire.ts";

/** Failures whose message says all there is to say. */
const SENTENCES: ReadonlySet<unknown> = new Set([DATA_IN_USE, REFUSED, SHAPE]);

const parsed = readConfig();
switch (parsed.kind) {
  case "help":
    process.stdout.write(helpText());
    break;
  case "version":
    process.stdout.write(`${version}\n`);
    break;
  case "wrong":
    process.stderr.write(`${parsed.message}\n`);
    process.exitCode = 2;
    break;
  case "config":
    if (parsed.command.name === "serve") await serve(parsed.config);
    else if (parsed.command.name === "doctor") await examine(parsed.command, parsed.config);
    else await carryOut(parsed.command, parsed.config);
}

async function carryOut(
  command: Exclude<Command, { name: "serve" | "doctor" }>,
  config: Config,
): Promise<void> {
  try {
    await carry(command, {
      open: (options) => wireStores(config, options),
      restored: (now) => wireRestored(config, now),
      now: systemClock.now(),
      program: version,
      say: (line) => void process.stdout.write(`${line}\n`),
    });
    // A pool of connections may take its time to close.
    process.exit(0);
  } catch (error) {
    fail(logOf(config).log, config, error);
  }
}

/** Ends with 1 when something is wrong, so that a script can ask. */
async function examine({ user }: { user?: string }, config: Config): Promise<void> {
  try {
    const doctor = await wireDoctor(config, systemClock.now());
    const found = await examinePush(doctor, user);
    for (const one of found) process.stdout.write(`${printed(one)}\n`);
    await doctor.close();
    process.exit(found.some(({ level }) => level === "failed") ? 1 : 0);
  } catch (error) {
    fail(logOf(config).log, config, error);
  }
}

async function serve(config: Config): Promise<void> {
  const { log, log_level } = logOf(config);
  process.on("uncaughtException", (error) => die(log, error));
  process.on("unhandledRejection", (error) => die(log, error));
  try {
    const wiring = await wire(config, {
      now: systemClock.now(),
      warned: (what, error) => log.warn("a message between nodes was of no use", { what, error }),
    });
    const node = await startNode({ config, wiring, log, log_level, page: openPage(log), version });
    stopOnSignals(node, log);
    process.stdout.write(greeting(config, node.port));
  } catch (error) {
    fail(log, config, error);
  }
}

function logOf({ log_level, log_format }: Config): { log: Log; log_level: LogOptions } {
  const pretty = log_format === "pretty" || (log_format === "auto" && process.stderr.isTTY);
  const options: LogOptions = {
    level: log_level,
    format: pretty ? "pretty" : "json",
    clock: systemClock,
    write: (line) => void process.stderr.write(line),
  };
  return { log: createLog(options), log_level: options };
}

/** What went wrong at the start, in one line where a person can do something about it. */
function fail(log: Log, config: Config, error: unknown): never {
  const { code, message } = error as { code?: unknown; message?: string };
  if (SENTENCES.has(code)) process.stderr.write(`${message}\n`);
  else if (code === "EADDRINUSE")
    process.stderr.write(`port ${config.port} is taken: choose another with --port\n`);
  else log.error("the server did not start", { error });
  process.exit(1);
}

/** A bug. What was acknowledged is on disk; going on with a state that nobody thought of is worse than a restart. */
function die(log: Log, error: unknown): never {
  log.error("the server stops because of an error that nobody expected", { error });
  process.exit(1);
}

function stopOnSignals(node: Node, log: Log): void {
  let stopping = false;
  const stop = (): void => {
    // A second signal is someone who does not want to wait.
    if (stopping) process.exit(1);
    stopping = true;
    log.info("stopping");
    node.stop().then(
      () => process.exit(0),
      (error: unknown) => die(log, error),
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

function greeting({ host, public_url }: Config, port: number): string {
  if (public_url !== "") return `Damso is ready: ${public_url}\n`;
  const local = host === "0.0.0.0" || host === "::" || host === "127.0.0.1";
  const lines = [`Damso is ready: http://${local ? "localhost" : host}:${port}`];
  if (host === "0.0.0.0")
    for (const address of addresses()) lines.push(`  in your network: http://${address}:${port}`);
  return `${lines.join("\n")}\n`;
}

function addresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ family, internal }) => family === "IPv4" && !internal)
    .map(({ address }) => address);
}
