import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accountsContract } from "@damso/contracts/accounts";
import { openSqliteAccounts } from "./open.ts";

accountsContract("SQLite", async () => {
  const directory = await mkdtemp(join(tmpdir(), "damso-accounts-"));
  return {
    open: () => openSqliteAccounts(join(directory, "accounts.db"), Date.now()),
    remove: () => rm(directory, { recursive: true }),
  };
});
