import { expect, test } from "bun:test";
import { COMMANDS, parseCommand } from "./command.ts";
import { helpText } from "./help.ts";

const check = (argv: string[], expected: object): void =>
  test(argv.join(" ") || "no argument", () => expect(parseCommand(argv)).toMatchObject(expected));

check([], { command: { name: "serve" }, rest: [] });
check(["--port", "1"], { command: { name: "serve" }, rest: ["--port", "1"] });
check(["exprt"], { command: { name: "serve" }, rest: ["exprt"] });
check(["export", "--to", "d", "--data", "x"], {
  command: { name: "export", to: "d" },
  rest: ["--data", "x"],
});
check(["import", "--data=x", "--from=d"], {
  command: { name: "import", from: "d" },
  rest: ["--data=x"],
});
check(["verify", "--of", "d"], { command: { name: "verify", of: "d" }, rest: [] });
check(["restored", "--epoch", "3"], { command: { name: "restored" }, rest: ["--epoch", "3"] });
check(["doctor", "push", "--user", "ann", "--data", "x"], {
  command: { name: "doctor", user: "ann" },
  rest: ["--data", "x"],
});
check(["doctor", "push"], { command: { name: "doctor" }, rest: [] });
check(["doctor"], { kind: "wrong" });
check(["export"], { kind: "wrong", message: "damso export needs --to with a folder" });
check(["import", "--from"], { kind: "wrong", message: "damso import needs --from with a folder" });
check(["export", "--help"], { rest: ["--help"] });

test("every command stands in the help", () => {
  for (const name of COMMANDS) expect(helpText()).toContain(`damso ${name}`);
});
