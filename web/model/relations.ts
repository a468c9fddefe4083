/** Friends and blocked people: lists of the account, read anew when another device has changed them. */
import type { Listed, UserId } from "@damso/sdk";
import type { ReadonlySignal, Signal } from "@preact/signals";
import { signal } from "@preact/signals";
import type { Context } from "./context.ts";
import type { Report } from "./report.ts";

export type Relation = {
  /** Undefined until it is here. */
  list: ReadonlySignal<readonly Listed[] | undefined>;
  failed: ReadonlySignal<boolean>;
  has: (user_id: UserId) => boolean;
  load: () => Promise<void>;
  add: (user_id: UserId) => Promise<boolean>;
  remove: (user_id: UserId) => Promise<boolean>;
};

export type Relations = { contacts: Relation; blocks: Relation; stop: () => void };

export function createRelations(context: Context, report: Report): Relations {
  const contacts = createRelation(context, "contacts", report);
  const blocks = createRelation(context, "blocks", report);
  const stop = context.client.on("account", ({ changed }) => {
    if (changed === "contacts") void contacts.load();
    if (changed === "blocks") void blocks.load();
  });
  return { contacts, blocks, stop };
}

function createRelation(
  { client, people }: Context,
  kind: "contacts" | "blocks",
  report: Report,
): Relation {
  const list: Signal<readonly Listed[] | undefined> = signal(undefined);
  const failed = signal(false);

  async function load(): Promise<void> {
    failed.value = false;
    const loaded = client[kind].list().then((found) => {
      list.value = found;
      people.learn(found);
    });
    failed.value = !(await report(loaded)) && list.peek() === undefined;
  }

  async function change(promise: Promise<void>): Promise<boolean> {
    const done = await report(promise);
    if (done) await load();
    return done;
  }

  return {
    list,
    failed,
    has: (user_id) => list.value?.some((each) => each.user_id === user_id) === true,
    load,
    add: (user_id) => change(client[kind].add(user_id)),
    remove: (user_id) => change(client[kind].remove(user_id)),
  };
}
