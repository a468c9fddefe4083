/** A process that starts a server and is killed: run by watched.test.ts, which looks at what is left. */
import { join } from "node:path";
import { startWatched } from "./watched.ts";

const folder = process.argv[2] ?? "";
const { pid } = await startWatched({
  command: ["sleep", "600"],
  log: join(folder, "log"),
  cwd: folder,
  remove: folder,
  ending: "KILL",
});
process.stdout.write(`${pid}\n`);
setInterval(() => {}, 1000);
