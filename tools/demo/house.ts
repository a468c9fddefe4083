/** A process of people, from outside: orders go in, answers come out. */
import type { DeviceId, UserId } from "@damso/protocol";
import { DamsoError } from "@damso/sdk";
import type { LogIn } from "@damso/sdk";
import type { DeviceKind } from "./check/evidence.ts";
import type { Acts } from "./people/acts.ts";
import type { Answer } from "./people/main.ts";
import type { HouseReport } from "./people/report.ts";
import { linesOf } from "./processes.ts";
import type { Processes } from "./processes.ts";

export type Entrance = LogIn & { kind: DeviceKind; seed: number };

/** Something that a device does. Rejects with a `DamsoError` when it is refused. */
export type Do = <K extends keyof Acts>(
  act: K,
  ...given: Parameters<Acts[K]>
) => Promise<Awaited<ReturnType<Acts[K]>>>;

export type Handle = { name: string; device_id: DeviceId; user_id: UserId; do: Do };

export type House = {
  logIn: (device: string, entrance: Entrance) => Promise<Handle>;
  /** Stops all devices and answers what they hold and have seen. */
  report: () => Promise<HouseReport>;
  /** What was asked and is not answered yet. */
  waits: () => string[];
  end: () => Promise<void>;
};

type Waiting = { what: string; resolve: (value: unknown) => void; reject: (error: Error) => void };

export function openHouse(root: string, all: Processes): House {
  const child = all.adopt(
    Bun.spawn([process.execPath, "tools/demo/people/main.ts"], {
      cwd: root,
      stdio: ["pipe", "pipe", "inherit"],
    }),
  );
  const waiting = new Map<number, Waiting>();
  let orders = 0;
  let over: Error | undefined;

  function ask(order: { act: string; device: string; given: unknown[] }): Promise<unknown> {
    if (over !== undefined) return Promise.reject(over);
    const id = ++orders;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const what = `${order.device}, ${order.act}`;
    waiting.set(id, { what, resolve, reject });
    void child.stdin.write(`${JSON.stringify({ id, ...order })}\n`);
    void child.stdin.flush();
    return promise;
  }

  function take({ id, value, refused, broken }: Answer): void {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (asked === undefined) return;
    const { what, resolve, reject } = asked;
    if (refused !== undefined)
      reject(new DamsoError(refused as DamsoError["code"], `${what}: ${refused}`));
    else if (broken !== undefined) reject(new Error(`${what}: ${broken}`));
    else resolve(value);
  }

  async function listen(): Promise<void> {
    for await (const line of linesOf(child.stdout)) take(JSON.parse(line) as Answer);
    over = new Error(`a process of people ended with ${await child.exited}`);
    for (const { reject } of waiting.values()) reject(over);
  }

  void listen();
  return {
    logIn: async (device, entrance) => {
      const made = (await ask({ act: "log_in", device, given: [entrance] })) as Pick<
        Handle,
        "device_id" | "user_id"
      >;
      const carryOut: Do = async (act, ...given) => (await ask({ act, device, given })) as never;
      return { name: device, ...made, do: carryOut };
    },
    report: async () => (await ask({ act: "report", device: "", given: [] })) as HouseReport,
    waits: () => [...waiting.values()].map(({ what }) => what),
    end: () => all.end(child),
  };
}
