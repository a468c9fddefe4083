import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { emptyAccounts } from "@damso/contracts/fakes/accounts-data";
import { memoryAccounts } from "@damso/contracts/fakes/accounts";
import { until } from "@damso/contracts/until";
import type { OutboxRow } from "@damso/core/ports/account-records";
import type { Accounts } from "@damso/core/ports/accounts";
import type { Bus } from "@damso/core/ports/bus";
import { done, refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import type { Command } from "@damso/core/shard/commands";
import type { ErrorCode } from "@damso/protocol/codes";
import type { SessionId, UserId } from "@damso/protocol/ids";
import { SILENT } from "../log.ts";
import { createRelay } from "./relay.ts";
import type { Relay } from "./relay.ts";

const ANN = "1000000000000000001" as UserId;
const BEN = "1000000000000000002" as UserId;

let accounts: Accounts;
let relay: Relay;
let heard: Command[];
/** What a command is refused with, as long as it says so. */
let refused: (command: Command) => ErrorCode | "throws" | undefined;
/** Timers that nobody but the test ends, by what they wait for. */
let timers: { ms: number; run: () => void }[];
let errors: string[];

const answer = async (command: Command): Promise<Result<unknown>> => {
  const code = refused(command);
  if (code === "throws") throw new Error("the bus is gone");
  if (code !== undefined) return refuse(code);
  heard.push(command);
  return done(command.kind === "own_channels" ? { channels: [] } : {});
};

function create(): Relay {
  return createRelay({
    outbox: accounts.outbox,
    bus: { request: answer as unknown as Bus["request"] },
    timers: {
      after(ms, run) {
        const timer = { ms, run };
        timers.push(timer);
        return () => {
          timers = timers.filter((other) => other !== timer);
        };
      },
      soon: queueMicrotask,
    },
    random: { next: () => 0.5 },
    log: { ...SILENT, error: (message) => void errors.push(message) },
  });
}

beforeEach(async () => {
  accounts = memoryAccounts(emptyAccounts());
  heard = [];
  timers = [];
  errors = [];
  refused = () => undefined;
  for (const [user_id, username] of [
    [ANN, "ann"],
    [BEN, "ben"],
  ] as const) {
    const user = { user_id, username, name: username, password_hash: "x", created_at: 1 };
    await accounts.users.create(user);
  }
  relay = create();
});
afterEach(() => relay.stop());

const left = async (): Promise<OutboxRow[]> => await accounts.outbox.take(9999);
const drained = (): Promise<void> =>
  until(async () => (await left()).length === 0, "an empty outbox");
const rename = (user_id: UserId, name: string) => accounts.users.update(user_id, { name }, 2);

describe("the relay", () => {
  test("[X13] delivers what a former process left, in the order in which it was made", async () => {
    await rename(ANN, "A");
    await accounts.contacts.put({ user_id: ANN, other_id: BEN, now: 2, max: 9 });
    await accounts.users.update(ANN, { settings: { receipts: false } }, 3);
    relay.start();
    await drained();
    expect(heard).toEqual([
      { kind: "account", user_id: ANN, changed: "profile" },
      { kind: "account", user_id: ANN, changed: "contacts", about: BEN },
      { kind: "account", user_id: ANN, changed: "settings" },
    ]);
  });

  test("[X13] settling waits for what is there, and needs no timer to run out", async () => {
    relay.start();
    for (const name of ["A", "B", "C"]) {
      await rename(ANN, name);
      await relay.settle(ANN);
      expect(await left()).toEqual([]);
    }
    expect(heard).toHaveLength(3);
  });

  test("[X13] settling waits for nobody else's rows, however many there are", async () => {
    const slow = Promise.withResolvers<void>();
    const { request } = { request: answer };
    relay = createRelay({
      outbox: accounts.outbox,
      bus: {
        request: (async (command: Command) => {
          if ("user_id" in command && command.user_id === BEN) await slow.promise;
          return await request(command);
        }) as unknown as Bus["request"],
      },
      timers: { after: () => () => {}, soon: queueMicrotask },
      random: { next: () => 0.5 },
      log: SILENT,
    });
    for (let n = 0; n < 300; n++) await rename(BEN, `B${n}`);
    relay.start();
    await rename(ANN, "A");
    await relay.settle(ANN);
    expect(heard).toEqual([{ kind: "account", user_id: ANN, changed: "profile" }]);
    slow.resolve();
    await drained();
    expect(heard.filter((one) => "user_id" in one && one.user_id === ANN)).toHaveLength(1);
  });

  test("[X13] a row is delivered once when the user waits for it while everybody's are on their way", async () => {
    relay.start();
    for (let n = 0; n < 50; n++) {
      await rename(ANN, `A${n}`);
      await rename(BEN, `B${n}`);
      relay.wake();
      await Promise.all([relay.settle(ANN), relay.settle(BEN)]);
    }
    await drained();
    expect(heard).toHaveLength(100);
  });

  test("[X13] a row stays until its command was answered, then it is tried again", async () => {
    refused = () => "unavailable";
    await rename(ANN, "A");
    relay.start();
    await relay.settle(ANN);
    expect(await left()).toHaveLength(1);
    // The relay is in its pause, which grows with the failures and is not the idle one.
    await until(() => timers.some(({ ms }) => ms < 1000), "a pause");
    refused = () => undefined;
    for (const { run } of timers) run();
    await drained();
    expect(heard).toHaveLength(1);
  });

  test("[X13] a bus that throws is tried again too, and a settle does not wait for it", async () => {
    refused = () => "throws";
    await rename(ANN, "A");
    relay.start();
    await relay.settle(ANN);
    refused = () => undefined;
    await relay.settle(ANN);
    expect(await left()).toEqual([]);
  });

  test("a user whose home does not answer holds up nobody else, however much is waiting", async () => {
    refused = (command) => ("user_id" in command && command.user_id === ANN ? "busy" : undefined);
    for (let i = 0; i < 600; i++) await rename(ANN, `A${i}`);
    await rename(BEN, "B");
    relay.start();
    await until(() => heard.length > 0, "a delivery");
    expect(heard).toEqual([{ kind: "account", user_id: BEN, changed: "profile" }]);
    expect(await left()).toHaveLength(600);
    refused = () => undefined;
    await relay.settle(ANN);
    expect(await left()).toEqual([]);
    // Equal changes in a row are one event, of those that go out together.
    expect(heard.length).toBeLessThan(6);
  });

  test("what is refused for good is said and dropped, not tried for ever", async () => {
    refused = () => "not_found";
    await rename(ANN, "A");
    relay.start();
    await drained();
    expect(errors).toEqual(["account changes were refused"]);
  });

  test("an outbox that cannot be read is tried again", async () => {
    const { take } = accounts.outbox;
    accounts.outbox.take = () => Promise.reject(new Error("the disk is gone"));
    await rename(ANN, "A");
    relay.start();
    await relay.settle(ANN);
    accounts.outbox.take = take;
    await relay.settle(ANN);
    expect(heard).toHaveLength(1);
  });

  test("stops within a delivery, and the next one begins where it ended", async () => {
    await rename(ANN, "A");
    let asked = false;
    refused = () => {
      asked = true;
      return "busy";
    };
    relay.start();
    await until(() => asked, "a delivery");
    await relay.stop();
    expect(await left()).toHaveLength(1);
    refused = () => undefined;
    relay = create();
    relay.start();
    await drained();
  });

  test("a stop before the start does not hang", async () => {
    await relay.stop();
    expect(heard).toEqual([]);
  });
});

describe("revokes and departures", () => {
  const session = (n: number) => `200000000000000000${n}` as SessionId;
  const open = (n: number) =>
    accounts.sessions.create(
      {
        session_id: session(n),
        device_id: session(n) as never,
        user_id: ANN,
        device_name: "d",
        time_zone: null,
        created_at: n,
        family_hash: `f${n}`,
        token_hash: `t${n}`,
      },
      { devices_max: 30, if_hash: "x" },
    );

  test("[I17] sessions that ended are revoked at the home before anything else is told", async () => {
    await open(1);
    await open(2);
    relay.start();
    await relay.settle(ANN);
    heard = [];
    await accounts.sessions.revoke(ANN, { all_but: null }, 9);
    await relay.settle(ANN);
    const [first, ...rest] = heard;
    expect(first).toMatchObject({ kind: "revoke", user_id: ANN });
    expect(first?.kind === "revoke" && first.sessions.sort()).toEqual([session(1), session(2)]);
    expect(rest).toEqual([{ kind: "account", user_id: ANN, changed: "devices" }]);
  });

  test("[X12] a deleted account is told to its home, and leaves channels until none is left", async () => {
    const pages = [["g1", "g2"], ["d1"], []];
    const listed = [...pages, ["g1", "g3"], [], ["g1"], []];
    let channels = 0;
    const { request } = { request: answer };
    const bus = async (command: Command): Promise<Result<unknown>> => {
      await request(command);
      if (command.kind !== "own_channels") return done({});
      const page = listed[channels++] ?? [];
      const more = page.length > 0 ? { cursor: String(channels) } : {};
      return done({ channels: page.map((channel) => ({ channel })), ...more });
    };
    relay = createRelay({
      outbox: accounts.outbox,
      bus: { request: bus as unknown as Bus["request"] },
      timers: { after: () => () => {}, soon: queueMicrotask },
      random: { next: () => 0 },
      log: SILENT,
    });
    await accounts.users.remove(ANN, 5);
    relay.start();
    await drained();
    expect(heard[0]).toEqual({ kind: "account", user_id: ANN, changed: "profile" });
    const departed = heard.flatMap((one) => (one.kind === "depart" ? [String(one.channel)] : []));
    expect(departed).toEqual(["g1", "g2", "d1", "g3"]);
  });

  test("[X12] a departure that is refused for good is done; one that is busy is repeated", async () => {
    let busy = true;
    refused = (command) => {
      if (command.kind !== "own_channels") return undefined;
      return busy ? "busy" : "not_found";
    };
    await accounts.users.remove(ANN, 5);
    relay.start();
    await relay.settle(ANN);
    expect(await left()).toHaveLength(1);
    busy = false;
    await relay.settle(ANN);
    expect(await left()).toEqual([]);
  });
});
