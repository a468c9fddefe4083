/** The real SDK, as the page uses it. */
import type { Client, Session } from "@damso/sdk";
import { createClient, logIn, memoryStore, signUp } from "@damso/sdk";
import type { Environment } from "@damso/sdk/environment";
import { storeName } from "@damso/sdk/client/parts";
import { platform } from "@damso/sdk/platform/platform";
import type { World } from "./app.ts";
import type { ReadStored } from "./search.ts";
import { createSharedClient } from "./tabs/client.ts";
import type { Tabs } from "./tabs/ports.ts";

const CLIENT = "damso-web";
const TAB = "damso.tab";

type Damso = Pick<World, "signUp" | "logIn" | "createClient">;

/** What a session's client has stored, read by a connection of its own that is opened when it is first needed. */
export function openStored(session: Session): ReadStored {
  let opening: ReturnType<Environment["openStore"]> | undefined;
  return async (channel, from, to) => {
    opening ??= platform.openStore(storeName(session));
    // What did not open now may open the next time.
    opening.catch(() => (opening = undefined));
    const store = await opening;
    return store.messages(channel, from, to);
  };
}

type Given = Pick<World, "tabKeep" | "random"> & {
  /** Undefined where tabs cannot share: each has a socket of its own, and the newest wins. */
  tabs: Tabs | undefined;
  /** The session as this browser keeps it now. */
  kept: () => Session | undefined;
  /** The server says that it goes and comes back. */
  saidGoodbye: (going: boolean) => void;
  /** Stands between the client and its sockets; absent: nothing does. */
  between?: (openSocket: Environment["openSocket"]) => Environment["openSocket"];
};

export function openDamso(given: Given): Damso {
  const world = early(hearing(given), given.kept());
  return {
    signUp: (account) => signUp(account),
    logIn: (account) => logIn(account),
    createClient: (session, kept, renew) => {
      const client = create(given, world, session, kept, renew);
      client.on("state", ({ name }) => {
        if (name === "online") given.saidGoodbye(false);
      });
      return client;
    },
  };
}

function create(
  { tabs, tabKeep, random, kept: latest }: Given,
  environment: Environment,
  session: Session,
  kept: "on_disk" | "in_memory",
  renew: () => void,
): Client {
  if (kept === "in_memory") {
    return createClient({ session, client: CLIENT, environment, store: memoryStore() });
  }
  if (tabs === undefined) return createClient({ session, client: CLIENT, environment });
  const name = tabKeep.get(TAB) ?? random();
  tabKeep.set(TAB, name);
  const tab = `${name}.${random()}`;
  return createSharedClient({ session, tabs, tab, platform: environment, kept: latest, renew });
}

/** The frame that a server which is being restarted sends before it closes; it is a short one. */
const GOODBYE = /^(?=.*"type":"bye")(?=.*"reason":"going_away")/;
const GOODBYE_CODE_UNITS_MAX = 300;

/** The store of whoever is signed in is opened while the rest of the page is still being made. */
function early(environment: Environment, session: Session | undefined): Environment {
  if (session === undefined) return environment;
  const { openStore } = environment;
  const wanted = storeName(session);
  let opening: ReturnType<typeof openStore> | undefined = openStore(wanted);
  // Told to whoever asks for it, if anybody does.
  opening.catch(() => {});
  return {
    ...environment,
    openStore: (name) => {
      const opened = name === wanted ? opening : undefined;
      opening = undefined;
      return opened ?? openStore(name);
    },
  };
}

function hearing({ saidGoodbye, between = (open) => open }: Given): Environment {
  const openSocket = between(platform.openSocket);
  return {
    ...platform,
    openSocket: (url, protocol, listeners) =>
      openSocket(url, protocol, {
        ...listeners,
        message: (text) => {
          if (text.length < GOODBYE_CODE_UNITS_MAX && GOODBYE.test(text)) saidGoodbye(true);
          listeners.message(text);
        },
      }),
  };
}
