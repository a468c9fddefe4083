/** Calls that a part of the tree must not make, each with what to do instead. */
import type { Finding, Project } from "../project.ts";
import { isScript } from "../project.ts";
import type { Source } from "../source.ts";
import { lineAt } from "../source.ts";

type Ban = {
  files: RegExp;
  except?: RegExp;
  call: RegExp;
  instead: string;
  /** Which view of the text is searched: `code` unless the words stand in a string or a comment. */
  view?: "code" | "bare" | "text";
};

const tests = /\.(test|testing)\.tsx?$|(^|\/)testing\//;
const pure = /^(protocol|core|sdk)\//;
/** The one place where the SDK takes the real clock, timers, randomness and sockets from its host. */
const impure = /^sdk\/(platform|runtime)(\.ts|\/)|\.(test|testing)\.tsx?$|(^|\/)testing\//;

function purely(call: RegExp, instead: string, view: Ban["view"] = "code"): Ban {
  return { files: pure, except: impure, call, instead, view };
}

const bans: readonly Ban[] = [
  purely(/\bDate\.now\b|\bnew Date\(\s*\)/g, "take the clock as an argument"),
  purely(/(?<![\w.$])performance\.now\b/g, "take the clock as an argument"),
  purely(/\bMath\.random\b/g, "take randomness as an argument"),
  purely(/(?<![\w.$])crypto\./g, "take randomness, or the hash, as an argument"),
  purely(
    /(?<![\w.$])(setTimeout|setInterval|setImmediate)\s*\(/g,
    "take timers as an argument: this code runs on a simulated clock too",
  ),
  purely(/(?<![\w.$])fetch\s*\(|\bnew WebSocket\b/g, "take the transport as an argument"),
  purely(/(?<![\w.$])process\.\w/g, "take the value as an argument"),
  purely(/(?<![\w.$])(Bun\.|Buffer\b)/g, "this code also runs on Node and in browsers"),
  purely(/\bglobalThis\b/g, "take it as an argument"),
  purely(
    /["'](node:[\w/]+|bun|bun:\w+)["']/g,
    "no files, sockets or processes here: take what it needs as an argument",
    "bare",
  ),
  {
    files: /^(simulator|contracts\/fakes|server\/(gateway|api|relay))\//,
    except: new RegExp(
      `^simulator/(main|worker)\\.ts$|^simulator/(command|mutations)/|${tests.source}`,
    ),
    call: /["'](?!node:(fs|net)["'])(node:[\w/]+)["']/g,
    instead: "this runs in the simulator too: take what it needs as an argument",
    view: "bare",
  },
  {
    files: /./,
    except: /^(server\/config(\.ts|\/)|tools\/|bench\/|examples\/)|\.(test|testing)\.tsx?$/,
    call: /\bprocess\.env\b|\bBun\.env\b/g,
    instead: "only server/config.ts reads the environment; take the value as an argument",
  },
  {
    files: /^(protocol|core|sdk|adapters|contracts|server)\//,
    except: new RegExp(`^server/(log|main)\\.ts$|${tests.source}`),
    call: /(?<![\w.$])console\.\w/g,
    instead: "return the fact, or take server/log.ts as an argument",
  },
  {
    files: /./,
    call: /\b(test|it|describe)\.(skip|only|todo|failing)\b/g,
    instead: "run the test, or delete it and say in spec/ what is not checked yet",
  },
  {
    files: /./,
    call: /@ts-(ignore|nocheck)\b/g,
    instead: "make the types say what is true",
    view: "text",
  },
  {
    files: /./,
    call: /\bas any\b/g,
    instead: "parse it with a schema, or name the type that it has",
  },
  {
    files: /./,
    call: /\b(TO[D]O|FIX[M]E)\b/g,
    instead: "finish it, or write down in docs/ what is left and why",
    view: "text",
  },
];

export function findBans(project: Project): Finding[] {
  return project.sources
    .filter(({ path }) => isScript(path))
    .flatMap((source) => bans.flatMap((ban) => findBan(source, ban)));
}

function findBan(source: Source, ban: Ban): Finding[] {
  if (!ban.files.test(source.path) || ban.except?.test(source.path)) return [];
  return [...source[ban.view ?? "code"].matchAll(ban.call)].map((found) => ({
    path: source.path,
    line: lineAt(source.text, found.index),
    rule: "bans",
    message: `${found[0].trim()}: ${ban.instead}`,
  }));
}
