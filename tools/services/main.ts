/** `bun tools/services/main.ts`: starts NATS, prints where it is, and ends it at Ctrl-C. */
import { natsNodes } from "./services.ts";

const nats = await natsNodes(1);
console.log(nats.urls.join("\n"));
const ended = Promise.withResolvers<void>();
// The servers do not keep this process alive by themselves.
const alive = setInterval(() => {}, 3_600_000);
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => ended.resolve());
await ended.promise;
clearInterval(alive);
await nats.stop();
