import { accountsContract } from "../accounts.ts";
import { memoryAccounts } from "./accounts.ts";
import { emptyAccounts } from "./accounts-data.ts";

accountsContract("memory", () => {
  const data = emptyAccounts();
  return Promise.resolve({
    open: () => Promise.resolve(memoryAccounts(data)),
    remove: () => Promise.resolve(),
  });
});
