/** Writes docs/configuration.md anew from the table of options. */
import { configurationPage } from "./help.ts";

await Bun.write(new URL("../../docs/configuration.md", import.meta.url), configurationPage());
