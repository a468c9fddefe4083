/** What holds when all faults have stopped and nothing is under way: the view of the world, and who judges it. */
import type { ChannelId, ClientId, UserId } from "@damso/protocol/ids";
import type { Message } from "@damso/protocol/schema/message";
import type { KeyOf, RowOf, TableName } from "@damso/core/tables";
import type { Snapshot } from "@damso/sdk/store/port";
import type { Book } from "./book.ts";
import { checkDevices } from "./rest-devices.ts";
import { checkHistories } from "./rest-history.ts";
import { checkRows } from "./rest-rows.ts";
import { checkSends } from "./rest-sends.ts";
import { checkPushes } from "./pushes.ts";
import type { Pushes } from "./pushes.ts";
import type { Intents } from "./intents.ts";
import type { TryBook } from "./tries.ts";
import type { Who } from "./witness.ts";

export type RestDevice = {
  who: Who;
  /** It has a connection, so it has to be in step; of one that has none only what it holds is judged. */
  attached: boolean;
  snapshot: Snapshot;
  messages: ReadonlyMap<ChannelId, readonly Message[]>;
  /** The users that it watches, as it was told of them last. */
  presence: ReadonlyMap<UserId, "online" | "offline">;
};

export type RestView = {
  /** `online`: to those who may see it. */
  users: readonly { user_id: UserId; online: boolean }[];
  devices: readonly RestDevice[];
  /** What may be undecided although a device had stored it: nothing, as a rule. */
  undecided: ReadonlySet<ClientId>;
  /** All durable rows as the store gives them now. */
  rows: <T extends TableName>(table: T) => Iterable<{ key: KeyOf<T>; row: RowOf<T> }>;
};

/** What the checkers know by then. */
export type Known = { book: Book; intents: Intents; pushes: Pushes; wire: { tries: TryBook } };

/** Judges a world in which nothing is under way any more. */
export function checkRest({ book, intents, pushes, wire }: Known, world: RestView): void {
  checkSends(book, intents, wire.tries, world);
  checkHistories(book);
  checkRows(book, world);
  checkDevices(book, world);
  checkPushes(book, pushes);
}
