/** The real SDK, as the page uses it. */
import { createClient, logIn, memoryStore, signUp } from "@damso/sdk";
import type { World } from "./app.ts";

export const damso: Pick<World, "signUp" | "logIn" | "createClient"> = {
  signUp: (account) => signUp(account),
  logIn: (account) => logIn(account),
  createClient: (session, kept) =>
    createClient({
      session,
      client: "damso-web",
      ...(kept === "in_memory" ? { store: memoryStore() } : {}),
    }),
};
