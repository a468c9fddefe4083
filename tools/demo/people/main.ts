/**
 * One process of people. Orders come as JSON lines on stdin, each is answered by one line on stdout with its `id`:
 * `value`, or `refused` with a code, or `broken` with what went wrong. The process ends when stdin does.
 */
import { DamsoError, logIn } from "@damso/sdk";
import type { LogIn } from "@damso/sdk";
import type { DeviceKind } from "../check/evidence.ts";
import { acts } from "./acts.ts";
import type { Acts } from "./acts.ts";
import { device } from "./device.ts";
import type { Device } from "./device.ts";
import { texts } from "./notes.ts";
import { report } from "./report.ts";

/** `log_in` makes a device and starts it; `report` ends all of them; the rest is done by a device. */
export type Order = { id: number } & (
  | { act: "log_in"; device: string; given: [LogIn & { kind: DeviceKind; seed: number }] }
  | { act: "report"; device: ""; given: [] }
  | { [K in keyof Acts]: { act: K; device: string; given: Parameters<Acts[K]> } }[keyof Acts]
);

export type Answer = { id: number; value?: unknown; refused?: string; broken?: string };

const LOG_IN_AGAIN_MS = 100;

const shared = texts();
const devices = new Map<string, Device>();

for await (const line of console) void carryOut(JSON.parse(line) as Order);
// Nobody is left to answer: whatever is still going on ends with the process.
process.exit(0);

async function carryOut(order: Order): Promise<void> {
  const answer = await answerTo(order);
  process.stdout.write(`${JSON.stringify({ id: order.id, ...answer })}\n`);
}

async function answerTo(order: Order): Promise<Omit<Answer, "id">> {
  try {
    return { value: await done(order) };
  } catch (error) {
    if (error instanceof DamsoError) return { refused: error.code };
    return { broken: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

async function done(order: Order): Promise<unknown> {
  if (order.act === "log_in") return enter(order.device, ...order.given);
  if (order.act === "report") return end();
  const found = devices.get(order.device);
  if (found === undefined) throw new Error(`there is no ${order.device} here`);
  // The types of act and given belong together; TypeScript cannot follow them through the lookup.
  const act = acts(found)[order.act] as (...given: readonly unknown[]) => unknown;
  return act(...order.given);
}

async function enter(
  name: string,
  { kind, seed, ...account }: LogIn & { kind: DeviceKind; seed: number },
): Promise<unknown> {
  const session = await patiently(() => logIn(account));
  const made = device({ name, kind, seed, session, texts: shared });
  devices.set(name, made);
  await made.chat.start();
  return { device_id: session.device_id, user_id: session.user_id };
}

/** A server that hashes many passwords at once says that it is busy. */
async function patiently<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof DamsoError) || !error.retry) throw error;
      const ms = error.retry_after_ms ?? LOG_IN_AGAIN_MS;
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
  }
}

async function end(): Promise<unknown> {
  await Promise.all([...devices.values()].map(({ chat }) => chat.stop()));
  return report([...devices.values()], shared);
}
