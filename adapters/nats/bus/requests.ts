/** Commands to the owners of shards, and their answers. */
import type { Msg } from "@nats-io/transport-node";
import type { Bus } from "@damso/core/ports/bus";
import type { Signal } from "@damso/core/ports/signal";
import { refuse } from "@damso/core/result";
import type { Refused, Result } from "@damso/core/result";
import type { Command } from "@damso/core/shard/commands";
import type { BusParts, Handler, NatsBus } from "../bus.ts";
import { decodeJson, encodeJson } from "../payload.ts";
import { decodeCommand, decodeResult } from "./decode.ts";
import { listen } from "./listen.ts";

const ANSWER_MS = 5000;
const BUSY_MS = 1000;
/** Requests whose answers are out, of this process to others and of others to it. */
const ASKED_MAX = 20_000;
const SERVED_MAX = 20_000;

type Requests = BusParts & {
  owners: Map<number, Handler>;
  /** Each gives up a request to another node whose answer is out. */
  asked: Set<() => void>;
  served: number;
  /** There is no server at the moment. */
  isCut: boolean;
};

export function createRequests(parts: BusParts): Pick<Bus, "request"> & Pick<NatsBus, "serve"> {
  const requests: Requests = {
    ...parts,
    owners: new Map(),
    asked: new Set(),
    served: 0,
    isCut: false,
  };
  void giveUpWhenCut(requests);
  return {
    request: (command, signal) => request(requests, command as Command, signal) as Promise<never>,
    serve: (shard, handler) => serve(requests, shard, handler),
  };
}

const subjectOf = ({ prefix }: BusParts, shard: number): string => `${prefix}.shard.${shard}`;

async function request(
  requests: Requests,
  command: Command,
  signal?: Signal,
): Promise<Result<unknown>> {
  signal?.throwIfAborted();
  const shard = requests.shardOf(command);
  const own = requests.owners.get(shard);
  return await (own ? own(command, signal) : ask(requests, shard, command));
}

/** Answers do not find their way over another connection: who asked need not wait for the time to be over. */
async function giveUpWhenCut(requests: Requests): Promise<void> {
  for await (const { type } of requests.connection.status()) {
    if (type === "reconnect") requests.isCut = false;
    if (type !== "disconnect") continue;
    requests.isCut = true;
    for (const giveUp of requests.asked) giveUp();
  }
}

/** A command that is `busy` or too large has not left; one that got no answer may have been done. */
async function ask(requests: Requests, shard: number, command: Command): Promise<Result<unknown>> {
  if (requests.isCut) return refuse("unavailable");
  const { outbound, drops } = requests;
  const payload = encodeJson(command);
  const admitted = requests.asked.size < ASKED_MAX ? outbound.admit(payload.length) : "full";
  if (admitted === "large") return tooLarge(requests);
  if (admitted === "sent") return await sendAndWait(requests, shard, payload);
  drops.refused_requests++;
  return busy();
}

async function sendAndWait(
  requests: Requests,
  shard: number,
  payload: Uint8Array,
): Promise<Result<unknown>> {
  const { connection, asked, drops } = requests;
  const cut = Promise.withResolvers<undefined>();
  const giveUp = (): void => cut.resolve(undefined);
  asked.add(giveUp);
  // Nobody listens, nobody answers in time, or the connection was closed: for who asks it is the same.
  const answered = connection
    .request(subjectOf(requests, shard), payload, { timeout: ANSWER_MS })
    .catch(() => undefined);
  const message = await Promise.race([answered, cut.promise]);
  asked.delete(giveUp);
  if (!message) return refuse("unavailable");
  const result = decodeResult(message.data);
  if (!result) drops.malformed++;
  return result ?? refuse("unavailable");
}

/** While two nodes believe that they own the shard, each request goes to one of them. */
function serve(requests: Requests, shard: number, handler: Handler): () => void {
  const { owners } = requests;
  owners.set(shard, handler);
  const heard = (message: Msg): void => void answer(requests, shard, handler, message);
  const stop = listen(requests, subjectOf(requests, shard), heard, { queue: "owner" });
  return () => {
    if (owners.get(shard) === handler) owners.delete(shard);
    stop();
  };
}

/** Calls the handler before it waits for anything, so that commands keep their order. Never rejects. */
async function answer(
  requests: Requests,
  shard: number,
  handler: Handler,
  { data, reply }: Msg,
): Promise<void> {
  const result = await perform(requests, shard, handler, decodeJson(data));
  if (!reply) return;
  const { outbound, drops } = requests;
  const payload = encodeJson(result);
  const sent = outbound.publish(reply, payload);
  if (sent === "large") outbound.publish(reply, encodeJson(tooLarge(requests)));
  if (sent === "full") drops.lost_answers++;
}

async function perform(
  requests: Requests,
  shard: number,
  handler: Handler,
  value: unknown,
): Promise<Result<unknown>> {
  const command = decodeCommand(value, shard, (command) => requests.shardOf(command));
  if (!command) {
    requests.drops.malformed++;
    return refuse("invalid");
  }
  if (requests.served >= SERVED_MAX) return busy();
  requests.served++;
  try {
    return await handler(command);
  } catch (error) {
    requests.failed(command.kind, error);
    return refuse("unavailable");
  } finally {
    requests.served--;
  }
}

const busy = (): Refused => refuse("busy", undefined, BUSY_MS);

function tooLarge({ drops }: BusParts): Refused {
  drops.large++;
  return refuse("too_large");
}
