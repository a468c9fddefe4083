/** From a frame to a command and back: bounded, answered exactly once, whatever the other side does. */
import { refusal } from "@damso/protocol/codes";
import type { Answers, Command, CommandKind } from "@damso/core/shard/commands";
import { refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import { IN_FLIGHT_MAX, OPENS_AT_ONCE, PAGES_AT_ONCE } from "./bounds.ts";
import { reply } from "./outgoing.ts";
import { refuseFrame } from "./replies.ts";
import type { Hub, Ready } from "./types.ts";

const BUSY_RETRY_MS = 1000;

/** A request whose failure is a value: a bus that throws has not told the outcome. */
export function request<K extends CommandKind>(
  hub: Hub,
  command: Command<K>,
): Promise<Result<Answers[K]>> {
  return hub.bus.request<K>(command).catch((error: unknown) => failed(hub, command.kind, error));
}

function failed(hub: Hub, kind: string, error: unknown): Result<never> {
  hub.log.error("a request failed", { kind, error });
  return refuse("unavailable");
}

/**
 * Sends the command now, in the order of arrival, and replies when it is answered. A frame without `id` gets no
 * reply, and an error only when it was turned away at a bound.
 */
export function ask<K extends CommandKind>(
  hub: Hub,
  connection: Ready,
  id: number | undefined,
  command: Command<K>,
  render: (id: number, value: Answers[K]) => string,
): void {
  if (!admit(hub, connection, id)) return;
  hub.bus.request<K>(command).then(
    (result) => {
      settle(hub, connection);
      if (id === undefined) return;
      if (result.ok) reply(hub, connection, render(id, result.value));
      else refuseFrame(hub, connection, id, result.refusal);
    },
    (error: unknown) => {
      settle(hub, connection);
      failed(hub, command.kind, error);
      if (id !== undefined) refuseFrame(hub, connection, id, refusal("unavailable"));
    },
  );
}

/**
 * As `ask`, for the one command that asks the homes of up to a hundred users: only a few of one socket are under way at a
 * time, the others wait. False when it was turned away at the bound.
 */
export function askOpened(
  hub: Hub,
  connection: Ready,
  id: number | undefined,
  command: Command<"opened">,
  answered: (result: Result<Answers["opened"]>) => void,
): boolean {
  if (!admit(hub, connection, id)) return false;
  inLine(hub, connection, "opens", () => request<"opened">(hub, command), answered);
  return true;
}

/** As `ask`, for answers of many kilobytes: only a few of one socket are read at a time, the others wait. */
export function askPage<T>(
  hub: Hub,
  connection: Ready,
  id: number,
  read: () => Promise<Result<T>>,
  render: (id: number, value: T) => string,
): void {
  if (!admit(hub, connection, id)) return;
  const work = (): Promise<Result<T>> =>
    read().catch((error: unknown) => failed(hub, "page", error));
  inLine(hub, connection, "pages", work, (result) => {
    if (result.ok) reply(hub, connection, render(id, result.value));
    else refuseFrame(hub, connection, id, result.refusal);
  });
}

const AT_ONCE = { pages: PAGES_AT_ONCE, opens: OPENS_AT_ONCE } as const;

/** What was admitted: at once while few of its line are under way, else when one of them is answered. */
function inLine<T>(
  hub: Hub,
  connection: Ready,
  line: keyof typeof AT_ONCE,
  work: () => Promise<T>,
  answered: (result: T) => void,
): void {
  const waiting = `waiting_${line}` as const;
  const start = (): void => {
    connection[line]++;
    void work().then((result) => {
      settle(hub, connection);
      connection[line]--;
      answered(result);
      connection[waiting]?.shift()?.();
    });
  };
  if (connection[line] < AT_ONCE[line]) start();
  else (connection[waiting] ??= []).push(start);
}

function admit(hub: Hub, connection: Ready, id: number | undefined): boolean {
  if (connection.in_flight >= IN_FLIGHT_MAX) {
    hub.counters.bounds.in_flight++;
    refuseFrame(hub, connection, id, refusal("busy", undefined, BUSY_RETRY_MS));
    return false;
  }
  connection.in_flight++;
  hub.counters.in_flight++;
  return true;
}

function settle(hub: Hub, connection: Ready): void {
  connection.in_flight--;
  hub.counters.in_flight--;
}
