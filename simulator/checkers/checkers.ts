/** Puts the checkers together: one book of what is durable, and each checker with its own eyes on the run. */
import type { Put } from "@damso/core/tables";
import { createBook } from "./book.ts";
import type { Book, CheckerOptions } from "./book.ts";
import { answeredCall, askedCall } from "./calls.ts";
import { takeCommit, takeRows } from "./commits.ts";
import type { Fault } from "./faults.ts";
import {
  checkIntent,
  createIntents,
  intentsRestored,
  storeRewound,
  takeIntent,
  takeOutcome,
  takeQueued,
} from "./intents.ts";
import type { Intents } from "./intents.ts";
import {
  beginPush,
  createPushes,
  heardFront,
  heardPoll,
  pushesCrashed,
  pushesRestored,
  takePush,
  takePushes,
} from "./pushes.ts";
import type { Pushes } from "./pushes.ts";
import { checkRest } from "./rest.ts";
import type { RestView } from "./rest.ts";
import { takeChange, takeRewind } from "./stores.ts";
import type { Stores } from "./stores.ts";
import { checkTried } from "./tries.ts";
import {
  createWire,
  gatewayAsks,
  heardFrame,
  noteEnds,
  nowWaiting,
  socketOpened,
  toldFrame,
  wireFailed,
  wireRestored,
} from "./wire.ts";
import type { Wire } from "./wire.ts";
import type { Witness } from "./witness.ts";

export type Checkers = {
  witness: Witness;
  faults(): readonly Fault[];
  /** Judges the world when all faults have stopped and nothing is under way. */
  rest(world: RestView): void;
  /** How much was looked at; `faults` counts those beyond the kept ones too. */
  counts(): Record<string, number>;
};

/** Everything that the checkers remember of a run. */
type Run = {
  book: Book;
  wire: Wire;
  intents: Intents;
  stores: Stores;
  pushes: Pushes;
};

/** Checkers that have seen nothing yet. */
export function createCheckers(options: CheckerOptions): Checkers {
  const book = createBook(options);
  const run: Run = {
    book,
    wire: createWire(book),
    intents: createIntents(),
    stores: new Map(),
    pushes: createPushes(),
  };
  return {
    witness: witnessOf(run),
    rest: (world) => checkRest(run, world),
    faults: () => book.faults.list(),
    counts: () => ({ ...book.counts, violations: book.faults.total() }),
  };
}

function witnessOf(run: Run): Witness {
  const { book, wire, intents, stores, pushes } = run;
  return {
    committed: (_shard, puts) => committed(run, puts),
    restored: (rows) => restored(run, rows),
    opened: (who, socket, node) => socketOpened(wire, who, socket, node),
    asking: (node, command) => gatewayAsks(wire, node, command),
    told(who, socket, frame) {
      book.step++;
      toldFrame(wire, who, socket, frame);
    },
    heard(who, socket, text) {
      book.step++;
      const frame = heardFrame(wire, who, socket, text);
      if (frame) heardFront(book, pushes, who, socket, frame);
    },
    waiting: (who, socket, bytes) => nowWaiting(wire, who, socket, bytes),
    asked(who, call, body) {
      const asked = askedCall(wire, who, call, body);
      heardPoll(pushes, who, call);
      return (status, answer) => answeredCall(wire, asked, status, answer);
    },
    intended: (intent) => takeIntent(book, intents, intent),
    settled: (client_id, outcome) => takeOutcome(book, intents, wire.tries, client_id, outcome),
    revoked(sessions) {
      for (const session of sessions) wire.revoked.set(session, book.options.now());
    },
    stored(who, change, held) {
      takeQueued(intents, change.outbox);
      takeChange(book, stores, who, change, held);
    },
    rewound(who, cursor) {
      takeRewind(stores, who, cursor);
      storeRewound(intents, who.device);
    },
    pushing(request, former = false) {
      const begun = beginPush(book, pushes, request, former);
      return () => takePush(book, pushes, request, begun);
    },
    crashed(_node, store) {
      pushesCrashed(pushes, store);
      wireFailed(wire);
    },
  };
}

function committed({ book, wire, intents, pushes }: Run, puts: readonly Put[]): void {
  book.step++;
  const commit = takeCommit(book, puts);
  noteEnds(wire, puts);
  for (const kept of commit.fresh) {
    checkTried(book, wire.tries, kept);
    checkIntent(book, intents, wire.tries, kept);
  }
  takePushes(book, pushes, commit);
}

function restored({ book, wire, intents, pushes }: Run, rows: readonly Put[]): void {
  book.step++;
  takeRows(book, rows);
  wireRestored(wire);
  pushesRestored(book, pushes, rows);
  intentsRestored(book, intents);
}
