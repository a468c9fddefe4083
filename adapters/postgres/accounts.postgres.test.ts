import { accountsContract } from "@damso/contracts/accounts";
import { openPostgresAccounts } from "./open.ts";
import { freshSchema } from "./schema.testing.ts";

accountsContract("PostgreSQL", async () => {
  const { options, remove } = await freshSchema();
  return { open: () => openPostgresAccounts(options, Date.now()), remove };
});
