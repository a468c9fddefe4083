/** What a client is made with. */
import type { Environment } from "../environment.ts";
import type { Session } from "../session/session.ts";
import type { Store } from "../store/port.ts";

export type ClientOptions = {
  session: Session;
  /** Where the device keeps what it knows; by default IndexedDB, in memory where there is none. */
  store?: Store;
  /** Name and version of the app, told to the server. */
  client?: string;
  /** Unanswered sends per channel. More than 1 is faster and gives up their order when a connection breaks. */
  window?: number;
  environment?: Environment;
};
