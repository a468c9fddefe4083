/** From a session to the page of whoever it belongs to, and back out again. */
import type { Session } from "@damso/sdk";
import { createApi } from "./api.ts";
import type { AppState } from "./app-state.ts";
import type { DemoPerson, Side } from "./demo.ts";
import { demoPerson, keepDemoPerson } from "./demo.ts";
import type { Home } from "./home.ts";
import { createHome } from "./home.ts";
import type { Keep } from "./keep.ts";
import { getJson, mortalKeep } from "./keep.ts";
import { keepMarkers } from "./read-markers.ts";

export const SESSION = "damso.session";

/** The session that this browser keeps; its tokens are in cookies, where no script can read them. */
export function sessionIn(keep: Keep, server: string): Session | undefined {
  const session = getJson<Session>(keep, SESSION);
  return session && { ...session, server };
}

export function keptSession({ world }: AppState): Session | undefined {
  return sessionIn(world.keep, world.server);
}

export function dropSession({ world }: AppState): void {
  world.keep.remove(SESSION);
}

export function showPage(state: AppState, session: Session): void {
  const remember = (kept: Session): void => state.world.keep.set(SESSION, JSON.stringify(kept));
  remember(session);
  showHome(state, session, remember);
}

/** One of the two windows of the demo: the chat with the other one is open at once. */
export function showPane(state: AppState, side: Side): void {
  const { tabKeep } = state.world;
  const person = demoPerson(tabKeep, side);
  if (person === undefined) {
    state.screen.value = { name: "demo_over" };
    return;
  }
  const home = showHome(state, person.session, (session) =>
    keepDemoPerson(tabKeep, side, { ...person, session }),
  );
  home.openWith(person.peer.user_id);
  void home.ready.then(() => greet(state, home, side, person));
}

/** What two people who know each other have: a contact, and a first word from the left one. */
function greet({ world, speech }: AppState, home: Home, side: Side, person: DemoPerson): void {
  const { client } = home.context;
  const { session, peer } = person;
  void home.report(client.contacts.add(peer.user_id));
  const greeted = `damso.demo.greeted.${session.user_id}`;
  if (side === "right" || world.tabKeep.get(greeted) !== undefined) return;
  world.tabKeep.set(greeted, "yes");
  client.sendSoon(client.direct(peer.user_id), speech.strings.peek().demoHello(peer.name));
}

/**
 * Leaves nothing of the person on this device. `left` says whether they wanted it: the form then needs no explanation.
 * Every tab does this; one that hears of it late must not take away what somebody has signed in with meanwhile.
 */
export async function forgetSession(state: AppState, left: boolean): Promise<void> {
  const { world, speech, screen, problem } = state;
  const current = screen.peek();
  await state.leave();
  if (world.place.name === "pane") {
    screen.value = { name: "demo_over" };
    return;
  }
  const kept = keptSession(state);
  const own = current.name === "home" ? current.home.context.client.device_id : undefined;
  if (kept !== undefined && kept.device_id !== own) return showPage(state, kept);
  dropSession(state);
  // A server that could not be told goes on pushing. Not waited for: a phone without the service of its store is silent.
  void world.host.unsubscribe().catch(() => {});
  await world.host.wipe();
  problem.value = left ? "" : speech.strings.peek().endedBar;
  screen.value = left ? { name: "welcome" } : { name: "account", form: "log_in" };
}

function showHome(state: AppState, session: Session, renewed: (session: Session) => void): Home {
  const { world, speech, screen } = state;
  const { now, later, keep, tabKeep, network, wire, host, restarting } = world;
  const pane = world.place.name === "pane";
  let current = session;
  const bare = world.createClient(session, pane ? "in_memory" : "on_disk", () => {
    void state.leave().then(() => showHome(state, current, renewed));
  });
  const own = mortalKeep(pane ? tabKeep : keep);
  const client = keepMarkers(bare, own.keep);
  const api = createApi(
    wire,
    () => current,
    () => client.me.get(),
  );
  const home = createHome(client, {
    api,
    speech,
    keep: own.keep,
    now,
    later,
    network,
    host,
    apple: world.apple,
    stored: pane ? undefined : world.stored?.(session),
    restarting,
    renewed: (next) => {
      current = next;
      renewed(next);
    },
    // Not while the client is being made: the screen of a home that never was would stay.
    ended: () => void later(0, () => void forgetSession(state, state.leaving)),
  });
  state.leave = async () => {
    own.end();
    host.setBadge(0);
    await home.stop();
    api.stop();
  };
  screen.value = { name: "home", home };
  return home;
}
