/** `npm run pack:sdk`: writes the package of the SDK to `sdk/dist`; `npm publish ./sdk/dist` publishes it. */
import { rm } from "node:fs/promises";
import { pack } from "./pack/pack.ts";

const into = new URL("../sdk/dist", import.meta.url).pathname;
await rm(into, { recursive: true, force: true });
await pack(into);
console.log(`packed into ${into}`);
