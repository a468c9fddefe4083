/** Two people on this server, made for looking: each with a client of the SDK whose frames are noted. */
import type { ReadonlySignal, Signal } from "@preact/signals";
import { computed, signal } from "@preact/signals";
import type { ChannelId, Client, ConnectionState, Environment, Message, Pending } from "@damso/sdk";
import { createClient, memoryStore } from "@damso/sdk";
import type { DemoPerson, SignUp } from "../../model/demo.ts";
import { demoPerson, forgetDemo, inviteTwo, keepDemoPerson } from "../../model/demo.ts";
import type { Keep } from "../../model/keep.ts";
import type { FrameLog, Side } from "./frame-log.ts";
import type { Tap } from "./tap.ts";
import { tapped } from "./tap.ts";

export type Talk = {
  state: ConnectionState;
  messages: readonly Message[];
  pending: readonly Pending[];
  /** Up to here the other has read. */
  peer_read: number;
  typing: boolean;
};

export type Player = {
  side: Side;
  name: string;
  peer: string;
  talk: ReadonlySignal<Talk>;
  client: Client;
  channel: ChannelId;
  cut: () => void;
};

export type Stage = {
  players: ReadonlySignal<readonly [Player, Player] | undefined>;
  phase: Signal<"idle" | "starting" | "failed" | "ready">;
  start: () => Promise<void>;
  end: () => Promise<void>;
};

export type StageDeps = {
  keep: Keep;
  server: string;
  signUp: SignUp;
  environment: Environment;
  log: FrameLog;
  names: () => readonly [string, string];
  random: () => string;
};

export function createStage(deps: StageDeps): Stage {
  const players = signal<readonly [Player, Player] | undefined>(undefined);
  const phase = signal<Stage["phase"]["value"]>("idle");
  const leave = async (): Promise<void> => {
    const leaving = players.value ?? [];
    players.value = undefined;
    phase.value = "idle";
    forgetDemo(deps.keep);
    await Promise.allSettled(leaving.map(({ client }) => client.logOut()));
  };
  const begin = async (): Promise<void> => {
    await inviteTwo(deps.keep, deps.signUp, deps.server, deps.names(), deps.random);
    const over = (): void => void leave();
    const both = [player(deps, "left", over), player(deps, "right", over)] as const;
    await Promise.all(both.map(({ client }) => client.start()));
    await Promise.all(both.map(({ client, channel }) => client.open(channel)));
    players.value = both;
  };
  return {
    players,
    phase,
    start: async () => {
      if (phase.value === "starting" || phase.value === "ready") return;
      phase.value = "starting";
      try {
        await begin();
        phase.value = "ready";
      } catch {
        forgetDemo(deps.keep);
        phase.value = "failed";
      }
    },
    end: leave,
  };
}

function player(deps: StageDeps, side: Side, over: () => void): Player {
  const person = demoPerson(deps.keep, side);
  if (person === undefined) throw new Error(`nobody is on the ${side}`);
  const tap = tapped(deps.environment, (heard) => deps.log.note(side, heard));
  const client = clientOf(deps.keep, side, person, tap);
  const channel = client.direct(person.peer.user_id);
  const version = signal(0);
  client.subscribe(() => (version.value += 1));
  client.on("state", (state) => {
    if (state.name === "closed" && state.reason === "session_ended") over();
  });
  return {
    side,
    name: person.name,
    peer: person.peer.name,
    client,
    channel,
    cut: tap.cut,
    talk: computed(() => {
      void version.value;
      return talkOf(client, channel, person);
    }),
  };
}

function clientOf(keep: Keep, side: Side, person: DemoPerson, tap: Tap): Client {
  const client = createClient({
    session: person.session,
    store: memoryStore(),
    client: "damso-docs",
    environment: tap.environment,
  });
  client.on("session", (session) => keepDemoPerson(keep, side, { ...person, session }));
  return client;
}

function talkOf(client: Client, channel: ChannelId, { peer }: DemoPerson): Talk {
  return {
    state: client.state(),
    messages: client.messages(channel).messages,
    pending: client.pending(channel),
    peer_read: client.receiptsOf(channel).get(peer.user_id)?.read ?? 0,
    typing: client.typingIn(channel).includes(peer.user_id),
  };
}
