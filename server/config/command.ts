/** The first word of the arguments: what the program is to do. Without one it serves. */

export type Command =
  | { name: "serve" }
  | { name: "export"; to: string }
  | { name: "import"; from: string }
  | { name: "verify"; of: string }
  | { name: "restored" }
  /** `user`: whose devices are sent a test. */
  | { name: "doctor"; user?: string };

/** `rest`: the arguments that are options of the configuration. */
export type ParsedCommand =
  | { kind: "command"; command: Command; rest: string[] }
  | { kind: "wrong"; message: string };

/** The one option that a command has of its own, and needs. */
const OWN: Record<Exclude<Command["name"], "serve" | "doctor">, string | undefined> = {
  export: "to",
  import: "from",
  verify: "of",
  restored: undefined,
};

export const COMMANDS: readonly string[] = [...Object.keys(OWN), "doctor push"];

export function parseCommand(argv: readonly string[]): ParsedCommand {
  const [name = "", ...others] = argv;
  if (name === "doctor") return parseDoctor(others);
  if (!isName(name)) return { kind: "command", command: { name: "serve" }, rest: [...argv] };
  const own = OWN[name];
  if (own === undefined) return { kind: "command", command: { name } as Command, rest: others };
  const { value, rest } = take(others, `--${own}`);
  if (rest.some((one) => one === "--help" || one === "-h"))
    return { kind: "command", command: { name: "serve" }, rest };
  if (value === undefined || value === "")
    return { kind: "wrong", message: `damso ${name} needs --${own} with a folder` };
  return { kind: "command", command: { name, [own]: value } as Command, rest };
}

function parseDoctor([of = "", ...others]: readonly string[]): ParsedCommand {
  if (of !== "push") return { kind: "wrong", message: "damso doctor looks at one thing: push" };
  const { value, rest } = take(others, "--user");
  const command: Command = { name: "doctor", ...(value !== undefined && { user: value }) };
  return { kind: "command", command, rest };
}

const isName = (text: string): text is keyof typeof OWN => Object.hasOwn(OWN, text);

function take(
  argv: readonly string[],
  flag: string,
): { value: string | undefined; rest: string[] } {
  const at = argv.findIndex((one) => one === flag || one.startsWith(`${flag}=`));
  if (at < 0) return { value: undefined, rest: [...argv] };
  const inline = argv[at]?.slice(flag.length + 1);
  if (argv[at] !== flag) return { value: inline, rest: argv.toSpliced(at, 1) };
  return { value: argv[at + 1], rest: argv.toSpliced(at, 2) };
}
