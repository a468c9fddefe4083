/** What every store of the SDK promises. Run by memory.test.ts and indexeddb.test.ts. */
import { expect, test } from "bun:test";
import type { ChannelId, ClientId, FeedId, Message } from "@damso/protocol";
import { channelOf, groupId, messageOf } from "../testing/records.ts";
import type { Change, OutboxRecord, Store } from "./port.ts";

/** `open` opens the same data again after `close`. */
export type OpenStore = (name: string) => Promise<Store>;

const feed = "feed-1" as FeedId;

function change(parts: Partial<Change>): Change {
  return { channels: new Map(), messages: [], outbox: new Map(), ...parts };
}

function puts(...messages: Message[]): Change {
  return change({ messages: messages.map((put) => ({ put })) });
}

function pending(id: string, order: number): OutboxRecord {
  return {
    client_id: id as ClientId,
    channel: groupId(1),
    body: id,
    created_at: "2026-01-01T00:00:00.000Z",
    state: "waiting",
    order,
  };
}

export function storeContract(kind: string, open: OpenStore): void {
  let count = 0;
  const fresh = (): string => `${kind}-${count++}`;
  const one: ChannelId = groupId(1);
  const two: ChannelId = groupId(2);

  test(`[I2] ${kind}: cursor and data of one change are there together after a restart`, async () => {
    const name = fresh();
    const store = await open(name);
    expect(await store.load()).toEqual({ cursor: undefined, channels: [], outbox: [] });
    const record = { channel: channelOf(one, { head: 3 }), ranges: [[1, 3]] as [number, number][] };
    await store.apply(
      change({
        cursor: { id: feed, pos: 7 },
        channels: new Map([[one, record]]),
        messages: [{ put: messageOf(one, 2) }, { put: messageOf(one, 3) }],
        outbox: new Map([
          ["b" as ClientId, pending("b", 2)],
          ["a" as ClientId, pending("a", 1)],
        ]),
      }),
    );
    await store.close();
    const again = await open(name);
    expect(await again.load()).toEqual({
      cursor: { id: feed, pos: 7 },
      channels: [record],
      outbox: [pending("a", 1), pending("b", 2)],
    });
    expect(await again.messages(one, 1, 99)).toEqual([messageOf(one, 2), messageOf(one, 3)]);
    await again.close();
  });

  test(`[I16] ${kind}: a put keeps the highest rev, across and within changes`, async () => {
    const store = await open(fresh());
    await store.apply(puts(messageOf(one, 1, { rev: 2, body: "second" })));
    await store.apply(puts(messageOf(one, 1, { rev: 1, body: "first" })));
    expect((await store.messages(one, 1, 1))[0]?.body).toBe("second");
    await store.apply(
      puts(
        messageOf(one, 1, { rev: 4, body: "fourth" }),
        messageOf(one, 1, { rev: 3, body: "third" }),
      ),
    );
    expect((await store.messages(one, 1, 1))[0]?.body).toBe("fourth");
    await store.close();
  });

  test(`[I16] ${kind}: a preview keeps the stored body of the same body_rev`, async () => {
    const store = await open(fresh());
    await store.apply(puts(messageOf(one, 1, { body: "all of it" })));
    await store.apply(puts(messageOf(one, 1, { rev: 2, body: "all", truncated: true })));
    const [kept] = await store.messages(one, 1, 1);
    expect(kept).toEqual(messageOf(one, 1, { rev: 2, body: "all of it" }));
    await store.close();
  });

  test(`[I2] ${kind}: puts, cuts and wipes of one change happen in their order`, async () => {
    const store = await open(fresh());
    await store.apply(
      change({
        messages: [
          { put: messageOf(one, 1) },
          { put: messageOf(two, 1) },
          { wipe: true },
          { put: messageOf(one, 5) },
          { put: messageOf(one, 6) },
          { put: messageOf(two, 5) },
          { put: messageOf(two, 6) },
          { cut: one, from: 1, to: 5 },
          { cut: two, from: 6, to: Infinity },
          { put: messageOf(one, 4) },
        ],
      }),
    );
    expect((await store.messages(one, 1, 99)).map((m) => m.seq)).toEqual([4, 6]);
    expect((await store.messages(two, 1, 99)).map((m) => m.seq)).toEqual([5]);
    await store.close();
  });

  test(`[I2] ${kind}: null deletes a channel and a queued message`, async () => {
    const store = await open(fresh());
    const record = { channel: channelOf(one), ranges: [] };
    const id = "a" as ClientId;
    await store.apply(
      change({ channels: new Map([[one, record]]), outbox: new Map([[id, pending("a", 1)]]) }),
    );
    await store.apply(change({ channels: new Map([[one, null]]), outbox: new Map([[id, null]]) }));
    expect(await store.load()).toEqual({ cursor: undefined, channels: [], outbox: [] });
    await store.close();
  });

  test(`${kind}: messages come ascending and only from the stretch asked for`, async () => {
    const store = await open(fresh());
    await store.apply(puts(...[9, 10, 2, 100, 11].map((seq) => messageOf(one, seq))));
    expect((await store.messages(one, 9, 11)).map((m) => m.seq)).toEqual([9, 10, 11]);
    expect((await store.messages(one, 1, 1000)).map((m) => m.seq)).toEqual([2, 9, 10, 11, 100]);
    expect(await store.messages(two, 1, 1000)).toEqual([]);
    await store.close();
  });

  test(`${kind}: destroy leaves nothing`, async () => {
    const name = fresh();
    const store = await open(name);
    await store.apply(
      change({ cursor: { id: feed, pos: 1 }, messages: [{ put: messageOf(one, 1) }] }),
    );
    await store.destroy();
    const again = await open(name);
    expect((await again.load()).cursor).toBeUndefined();
    expect(await again.messages(one, 1, 9)).toEqual([]);
    await again.close();
  });
}
