/** The whole page: which screen is shown, and the way from one to the next. */
import type { Session } from "@damso/sdk";
import type { ReadonlySignal } from "@preact/signals";
import type { AppState, Screen, World } from "./app-state.ts";
import { createState } from "./app-state.ts";
import { forgetDemo, inviteTwo } from "./demo.ts";
import type { Host } from "./host.ts";
import type { Speech } from "./language.ts";
import type { Arrival } from "./arrival.ts";
import type { Look } from "./look.ts";
import { sentence } from "./report.ts";
import { dropSession, forgetSession, keptSession, showPage, showPane } from "./signed-in.ts";

export type { Place, Screen, World } from "./app-state.ts";

/** `device` is what the account's list of devices calls this one. */
export type Account = { username: string; password: string; name: string; device?: string };

export type App = {
  host: Host;
  /** Where links lead that people are given. */
  server: string;
  speech: Speech;
  look: Look;
  arrival: Arrival;
  screen: ReadonlySignal<Screen>;
  /** Why the last attempt to get in failed, or "". */
  problem: ReadonlySignal<string>;
  busy: ReadonlySignal<boolean>;
  /** What is typed as username: the same in both forms. */
  username: ReadonlySignal<string>;
  setUsername: (typed: string) => void;
  /** Forgets the problem: whoever types is mending it. */
  forgive: () => void;
  start: () => Promise<void>;
  show: (screen: "welcome" | "sign_up" | "log_in") => void;
  enter: (form: "sign_up" | "log_in", account: Account) => Promise<void>;
  /** Goes on with a session that was begun elsewhere than in a form. */
  enterAs: (session: Session) => void;
  /** Ends the session on the server and forgets it here. */
  logOut: () => Promise<void>;
  /** Deletes the account with what is given, and forgets it here; false when it was refused. */
  endAccount: (end: () => Promise<boolean>) => Promise<boolean>;
  /** Starts the client anew, for example after another tab has taken over. */
  restart: () => Promise<void>;
  /** Forgets the demo people; the server keeps their accounts. */
  endDemo: () => void;
};

export function createApp(world: World): App {
  const state = createState(world);
  const { speech, look, arrival, screen, problem, busy, username } = state;
  if (world.place.name === "page") world.host.onSession((present) => followOthers(state, present));
  return {
    host: world.host,
    server: world.server,
    speech,
    look,
    arrival,
    screen,
    problem,
    busy,
    username,
    setUsername: (typed) => {
      username.value = typed;
    },
    forgive: () => {
      problem.value = "";
    },
    start: () => start(state),
    show: (name) => {
      problem.value = "";
      screen.value = name === "welcome" ? { name } : { name: "account", form: name };
    },
    enter: (form, account) => enter(state, form, account),
    enterAs: (session) => showPage(state, session),
    logOut: async () => {
      const current = screen.peek();
      if (current.name !== "home") return;
      // The other tabs go first: they hear of it from here, not from the server that turns them away.
      if (world.place.name === "page") dropSession(state);
      // Offline the session ends here all the same.
      await current.home.report(current.home.context.client.logOut());
      await forgetSession(state, true);
    },
    endAccount: (end) => endAccount(state, end),
    restart: async () => {
      await state.leave();
      await start(state);
    },
    endDemo: () => forgetDemo(world.tabKeep),
  };
}

/** The server ends the session before it answers, so either of the two may be heard of first. */
async function endAccount(state: AppState, end: () => Promise<boolean>): Promise<boolean> {
  state.leaving = true;
  const done = await end();
  if (done && state.screen.peek().name === "home") await forgetSession(state, true);
  state.leaving = false;
  return done;
}

/** What another tab of this browser does with the session, this one does too. */
function followOthers(state: AppState, present: boolean): void {
  const home = state.screen.peek().name === "home";
  if (present && !home) void start(state);
  if (!present && home) void forgetSession(state, true);
}

async function start(state: AppState): Promise<void> {
  const { place } = state.world;
  if (place.name === "demo") return startDemo(state, place.anew);
  if (place.name === "pane") return showPane(state, place.side);
  const session = keptSession(state);
  if (session) showPage(state, session);
  else state.screen.value = { name: "welcome" };
}

async function startDemo(state: AppState, anew: boolean): Promise<void> {
  const { world, speech, screen, problem } = state;
  screen.value = { name: "demo", names: undefined };
  problem.value = "";
  if (anew) forgetDemo(world.tabKeep);
  const { demoNames } = speech.strings.peek();
  try {
    const names = await inviteTwo(
      world.tabKeep,
      world.signUp,
      world.server,
      demoNames,
      world.random,
    );
    screen.value = { name: "demo", names };
  } catch (error) {
    problem.value = sentence(error, speech.strings.peek());
  }
}

async function enter(
  state: AppState,
  form: "sign_up" | "log_in",
  { username, password, name, device = "" }: Account,
): Promise<void> {
  const { world, speech, problem, busy } = state;
  const { server } = world;
  const who = { username: username.trim().toLowerCase(), password };
  const account = { server, ...who, cookie: world.tokens !== "kept_here", device_name: device };
  busy.value = true;
  problem.value = "";
  try {
    const entered =
      form === "sign_up" ? world.signUp({ ...account, name: name.trim() }) : world.logIn(account);
    const session = await entered;
    if (form === "sign_up") state.arrival.greet(session.user_id);
    showPage(state, session);
    state.username.value = "";
  } catch (error) {
    problem.value = sentence(error, speech.strings.peek());
  } finally {
    busy.value = false;
  }
}
