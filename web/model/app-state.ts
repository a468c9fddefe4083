/** What the page is made of before anybody is signed in, and what it asks of the world. */
import type { Client, LogIn, Session } from "@damso/sdk";
import type { ReadonlySignal, Signal } from "@preact/signals";
import { signal } from "@preact/signals";
import type { Wire } from "./api.ts";
import type { Arrival } from "./arrival.ts";
import { createArrival } from "./arrival.ts";
import type { Context } from "./context.ts";
import type { Side, SignUp } from "./demo.ts";
import type { Home } from "./home.ts";
import type { Host } from "./host.ts";
import type { Keep } from "./keep.ts";
import type { ReadStored } from "./search.ts";
import type { Speech, Words } from "./language.ts";
import { createSpeech } from "./language.ts";
import type { Link } from "./link.ts";
import type { Look } from "./look.ts";
import { createLook } from "./look.ts";

export type Screen =
  | { name: "welcome" }
  | { name: "account"; form: "sign_up" | "log_in" }
  | { name: "demo"; names: readonly [string, string] | undefined }
  /** A pane of a demo whose people are gone. */
  | { name: "demo_over" }
  | { name: "home"; home: Home };

/** What the page was opened as: itself, the frame around two demo people, or one of these. */
export type Place =
  | { name: "page"; link?: Link }
  | { name: "demo"; anew: boolean }
  | { name: "pane"; side: Side };

/** Everything from outside: the browser, or a test. */
export type World = Pick<Context, "now" | "later"> & {
  place: Place;
  /** False from the moment the browser loses the network until it has one again. */
  network: ReadonlySignal<boolean>;
  /** Where the server is: the page's own origin, but for the app for phones, whose page is on the device. */
  server: string;
  /** In place of cookies, which are for pages of the server's own origin. */
  tokens?: "kept_here";
  languages: readonly string[];
  words: Words;
  /** Command is the modifier of keys, not Control. */
  apple: boolean;
  /** What the client of a session keeps on this device, read beside it; undefined where that cannot be. */
  stored?: (session: Session) => ReadStored;
  keep: Keep;
  /** Of this tab and the frames in it only. */
  tabKeep: Keep;
  /** At least 16 hex digits that nobody can guess. */
  random: () => string;
  signUp: SignUp;
  logIn: (account: LogIn) => Promise<Session>;
  wire: Wire;
  /** `renew`: what this device has stored is another than the client believes, so a new one has to start. */
  createClient: (session: Session, kept: "on_disk" | "in_memory", renew: () => void) => Client;
  host: Host;
  /** The server has said that it goes and comes back, and nothing since. */
  restarting: ReadonlySignal<boolean>;
};

export type AppState = {
  world: World;
  speech: Speech;
  look: Look;
  arrival: Arrival;
  screen: Signal<Screen>;
  /** Ends the home that is shown; what it was waiting for finds nothing to write to. */
  leave: () => Promise<void>;
  /** Why the last attempt to get in failed, or "". */
  problem: Signal<string>;
  busy: Signal<boolean>;
  /** The account is being deleted: the end of the session is wanted. */
  leaving: boolean;
  /** What is typed as username. */
  username: Signal<string>;
};

export function createState(world: World): AppState {
  return {
    world,
    speech: createSpeech(world.languages, world.keep, world.words),
    look: createLook(world.keep),
    arrival: createArrival(
      world.tabKeep,
      world.place.name === "page" ? world.place.link : undefined,
    ),
    screen: signal<Screen>({ name: "welcome" }),
    leave: async () => {},
    problem: signal(""),
    busy: signal(false),
    leaving: false,
    username: signal(""),
  };
}
