/** What every view-model of a signed-in page is made of. */
import type { Client } from "@damso/sdk";
import type { ReadonlySignal } from "@preact/signals";
import type { Api } from "./api.ts";
import type { Keep } from "./keep.ts";
import type { Speech } from "./language.ts";
import type { Live } from "./live.ts";
import type { People } from "./people.ts";

export type Context = {
  client: Client;
  /** False while what is known of others may be out of date. */
  connected: ReadonlySignal<boolean>;
  api: Api;
  live: Live;
  people: People;
  speech: Speech;
  keep: Keep;
  /** Milliseconds since 1970, moved on every half minute: for words such as "5 minutes ago". */
  now: ReadonlySignal<number>;
  /** Runs something later; the answer cancels it. */
  later: (ms: number, run: () => void) => () => void;
};
