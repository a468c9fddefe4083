/** `npm run browser`: says where the Chromium for the scenes is, and installs one where there is none. */
import { ToolMissing } from "../services/get/tool.ts";
import { getBrowser } from "./get.ts";

try {
  console.log(await getBrowser());
} catch (error) {
  if (!(error instanceof ToolMissing)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
