/** The whole page: which screen is shown, and the way from one to the next. */
import type { Client, LogIn, Session } from "@damso/sdk";
import type { ReadonlySignal } from "@preact/signals";
import { signal } from "@preact/signals";
import type { Context } from "./context.ts";
import type { DemoPerson, Side, SignUp } from "./demo.ts";
import { demoPerson, forgetDemo, inviteTwo, keepDemoPerson } from "./demo.ts";
import type { Home } from "./home.ts";
import { createHome } from "./home.ts";
import type { Keep } from "./keep.ts";
import { getJson } from "./keep.ts";
import type { Speech } from "./language.ts";
import { createSpeech } from "./language.ts";
import { sentence } from "./report.ts";

export type Screen =
  | { name: "welcome" }
  | { name: "account"; form: "sign_up" | "log_in" }
  | { name: "demo"; names: readonly [string, string] | undefined }
  /** A pane of a demo whose people are gone. */
  | { name: "demo_over" }
  | { name: "home"; home: Home };

/** What the page was opened as: itself, the frame around two demo people, or one of these. */
export type Place =
  | { name: "page" }
  | { name: "demo"; anew: boolean }
  | { name: "pane"; side: Side };

/** Everything from outside: the browser, or a test. */
export type World = Pick<Context, "now" | "later"> & {
  place: Place;
  /** The page's own origin, where the server is. */
  server: string;
  languages: readonly string[];
  keep: Keep;
  /** Of this tab and the frames in it only. */
  tabKeep: Keep;
  /** At least 16 hex digits that nobody can guess. */
  random: () => string;
  signUp: SignUp;
  logIn: (account: LogIn) => Promise<Session>;
  createClient: (session: Session, kept: "on_disk" | "in_memory") => Client;
};

export type Account = { username: string; password: string; name: string };

export type App = {
  speech: Speech;
  screen: ReadonlySignal<Screen>;
  /** Why the last attempt to get in failed, or "". */
  problem: ReadonlySignal<string>;
  busy: ReadonlySignal<boolean>;
  start: () => Promise<void>;
  show: (screen: "welcome" | "sign_up" | "log_in") => void;
  enter: (form: "sign_up" | "log_in", account: Account) => Promise<void>;
  /** Ends the session on the server and forgets it here. */
  logOut: () => Promise<void>;
  /** Starts the client anew, for example after another tab has taken over. */
  restart: () => Promise<void>;
  /** Forgets the demo people; the server keeps their accounts. */
  endDemo: () => void;
};

const SESSION = "damso.session";

export function createApp(world: World): App {
  const { keep, tabKeep, place, server } = world;
  const speech = createSpeech(world.languages, keep);
  const screen = signal<Screen>({ name: "welcome" });
  const problem = signal("");
  const busy = signal(false);

  function leave(): void {
    if (place.name === "pane") {
      screen.value = { name: "demo_over" };
      return;
    }
    keep.remove(SESSION);
    problem.value = speech.strings.peek().endedBar;
    screen.value = { name: "account", form: "log_in" };
  }

  function showHome(session: Session, renewed: (session: Session) => void): Home {
    const kept = place.name === "pane" ? "in_memory" : "on_disk";
    const { now, later } = world;
    const home: Home = createHome(world.createClient(session, kept), {
      speech,
      keep: place.name === "pane" ? tabKeep : keep,
      now,
      later,
      renewed,
      ended: () => {
        // Not while the client is being made: the screen of a home that never was would stay.
        later(0, leave);
      },
    });
    screen.value = { name: "home", home };
    return home;
  }

  function remember(session: Session): void {
    keep.set(SESSION, JSON.stringify(session));
  }

  function showPane(side: Side): void {
    const person = demoPerson(tabKeep, side);
    if (person === undefined) {
      screen.value = { name: "demo_over" };
      return;
    }
    const home = showHome(person.session, (session) =>
      keepDemoPerson(tabKeep, side, { ...person, session }),
    );
    home.openWith(person.peer.user_id);
    void home.ready.then(() => greet(home, side, person));
  }

  /** What two people who know each other have: a contact, and a first word from the left one. */
  function greet(home: Home, side: Side, { session, peer }: DemoPerson): void {
    const { client } = home.context;
    void home.report(client.contacts.add(peer.user_id));
    const greeted = `damso.demo.greeted.${session.user_id}`;
    if (side === "right" || tabKeep.get(greeted) !== undefined) return;
    tabKeep.set(greeted, "yes");
    client.sendSoon(client.direct(peer.user_id), speech.strings.peek().demoHello(peer.name));
  }

  async function startDemo(anew: boolean): Promise<void> {
    screen.value = { name: "demo", names: undefined };
    problem.value = "";
    if (anew) forgetDemo(tabKeep);
    const { demoNames } = speech.strings.peek();
    try {
      const names = await inviteTwo(tabKeep, world.signUp, server, demoNames, world.random);
      screen.value = { name: "demo", names };
    } catch (error) {
      problem.value = sentence(error, speech.strings.peek());
    }
  }

  async function start(): Promise<void> {
    if (place.name === "demo") await startDemo(place.anew);
    else if (place.name === "pane") showPane(place.side);
    else {
      const session = getJson<Session>(keep, SESSION);
      if (session) showHome({ ...session, server }, remember);
      else screen.value = { name: "welcome" };
    }
  }

  return {
    speech,
    screen,
    problem,
    busy,
    start,
    show: (name) => {
      problem.value = "";
      screen.value = name === "welcome" ? { name } : { name: "account", form: name };
    },
    enter: async (form, { username, password, name }) => {
      const account = { server, username: username.trim().toLowerCase(), password, cookie: true };
      busy.value = true;
      problem.value = "";
      try {
        const session =
          form === "sign_up"
            ? await world.signUp({ ...account, name: name.trim() })
            : await world.logIn(account);
        remember(session);
        showHome(session, remember);
      } catch (error) {
        problem.value = sentence(error, speech.strings.peek());
      } finally {
        busy.value = false;
      }
    },
    logOut: async () => {
      const current = screen.peek();
      if (current.name !== "home") return;
      // Offline the session ends here all the same.
      await current.home.report(current.home.context.client.logOut());
      await current.home.stop();
      if (place.name === "pane") screen.value = { name: "demo_over" };
      else {
        keep.remove(SESSION);
        screen.value = { name: "welcome" };
      }
    },
    restart: async () => {
      const current = screen.peek();
      if (current.name === "home") await current.home.stop();
      await start();
    },
    endDemo: () => forgetDemo(tabKeep),
  };
}
