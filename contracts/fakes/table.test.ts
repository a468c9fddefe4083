import { tableContract, tableFaultContract } from "../table.ts";
import { createFakeTable } from "./table.ts";

async function open() {
  const table = createFakeTable();
  return { table, faults: table, close: async () => {} };
}

tableContract("fake", open);
tableFaultContract("fake", open);
