import { logContract, logFaultContract } from "../log.ts";
import { createFakeLog } from "./log.ts";

async function open() {
  const log = createFakeLog();
  return { log, faults: log, close: async () => {} };
}

logContract("fake", open);
logFaultContract("fake", open);
