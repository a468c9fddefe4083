import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { until } from "@damso/contracts/until";
import { directChannel } from "@damso/protocol/ids";
import { PASSWORD } from "../auth/scene.testing.ts";
import { openWhole } from "./whole.testing.ts";
import type { Client, Whole } from "./whole.testing.ts";

let whole: Whole;
let ann: Client;
let ben: Client;
beforeEach(async () => {
  whole = await openWhole();
  ann = await whole.signUp("ann");
  ben = await whole.signUp("ben");
});
afterEach(() => whole.stop());

const direct = (): string => `/v1/channels/${directChannel(ann.user_id, ben.user_id)}`;
const send = (from: Client, channel: string, body: string, client_id = whole.client_id()) =>
  from.ask("POST", `${channel}/messages`, { client_id, body });
const code = async (answer: Promise<{ body: object; status: number }>): Promise<unknown> => {
  const { body, status } = await answer;
  return (body as { code?: string }).code ?? status;
};

describe("two people over HTTP", () => {
  test("[I4][P19] a send is there once, for both, however often it is repeated", async () => {
    const client_id = whole.client_id();
    const first = await send(ann, direct(), "안녕", client_id);
    const again = await send(ann, direct(), "안녕", client_id);
    expect(first.body).toMatchObject({ seq: 1, client_id });
    expect(again.body).toEqual(first.body);
    for (const who of [ann, ben]) {
      const { body } = await who.ask("GET", `${direct()}/messages`);
      expect(body).toMatchObject({ head: 1, messages: [{ seq: 1, body: "안녕" }] });
    }
    expect((await ben.ask("GET", direct())).body).toMatchObject({ unread: 1, read: 0, head: 1 });
    expect((await ben.ask("GET", "/v1/channels")).body["channels"]).toHaveLength(1);
  });

  test("[I11] 100,000 Hangul characters arrive as they were sent", async () => {
    const text = "가나다라마".repeat(20_000);
    await send(ann, direct(), text);
    const page = await ben.ask("GET", `${direct()}/messages`);
    expect(page.body).toMatchObject({ messages: [{ truncated: true, length: 100_000 }] });
    expect((await ben.ask("GET", `${direct()}/messages/1`)).body["body"]).toBe(text);
  });

  test("[D10][D11][D21] edit, reaction, pin and deletion answer the message after it", async () => {
    await send(ann, direct(), "one");
    const at = `${direct()}/messages/1`;
    const edited = await ann.ask("PATCH", at, { body: "two", if_rev: 1 });
    expect(edited.body).toMatchObject({ body: "two", rev: 2 });
    expect(await code(ann.ask("PATCH", at, { body: "three", if_rev: 1 }))).toBe("conflict");
    const reacted = await ben.ask("PUT", `${at}/reactions/${encodeURIComponent("👍")}`);
    expect(reacted.body["reactions"]).toEqual({ "👍": [ben.user_id] });
    expect((await ben.ask("PUT", `${at}/pin`)).body["pinned"]).toBe(true);
    expect((await ben.ask("DELETE", `${at}/pin`)).body).not.toHaveProperty("pinned");
    expect((await ben.ask("DELETE", `${at}?for=me`)).body["body"]).toBe("two");
    // What he hid is gone for him alone.
    expect((await ben.ask("GET", at)).body).not.toHaveProperty("body");
    expect((await ann.ask("GET", at)).body["body"]).toBe("two");
    expect(await code(ben.ask("DELETE", at))).toBe("forbidden");
    const deleted = await ann.ask("DELETE", at);
    expect(deleted.body).not.toHaveProperty("body");
    expect(deleted.body).toHaveProperty("deleted_at");
  });

  test("[D13][P17] reading and own settings are in the summary", async () => {
    await send(ann, direct(), "one");
    expect((await ben.ask("POST", `${direct()}/read`, { seq: 1 })).status).toBe(204);
    expect((await ben.ask("PATCH", `${direct()}/me`, { pinned: true, draft: "음" })).status).toBe(
      204,
    );
    const { body } = await ben.ask("GET", direct());
    expect(body).toMatchObject({ unread: 0, read: 1, pinned: true, draft: "음" });
  });

  test("[D8][X10] a block holds from its answer on, and ends with its lifting", async () => {
    await send(ann, direct(), "one");
    expect((await ben.ask("PUT", `/v1/blocks/${ann.user_id}`)).status).toBe(204);
    expect(await code(send(ann, direct(), "two"))).toBe("blocked");
    expect((await ben.ask("DELETE", `/v1/blocks/${ann.user_id}`)).status).toBe(204);
    expect(await code(send(ann, direct(), "two"))).toBe(201);
  });

  test("[D8][X10] somebody can be blocked before the first message", async () => {
    expect((await ben.ask("PUT", `/v1/blocks/${ann.user_id}`)).status).toBe(204);
    expect(await code(send(ann, direct(), "one"))).toBe("blocked");
  });

  test("[D8] who may message me holds from the answer on", async () => {
    const allow = (who_may_message: string) =>
      ben.ask("PATCH", "/v1/me", { settings: { who_may_message } });
    await allow("nobody");
    expect(await code(send(ann, direct(), "one"))).toBe("forbidden");
    await allow("contacts");
    expect(await code(send(ann, direct(), "one"))).toBe("forbidden");
    await ben.ask("PUT", `/v1/contacts/${ann.user_id}`);
    expect(await code(send(ann, direct(), "one"))).toBe(201);
  });
});

describe("groups over HTTP", () => {
  const create = (client_id = whole.client_id()) =>
    ann.ask("POST", "/v1/channels", { client_id, name: "모임", members: [ben.user_id] });
  const at = async (): Promise<string> => `/v1/channels/${String((await create()).body["id"])}`;

  test("[D3] a repeated creation is the same group", async () => {
    const client_id = whole.client_id();
    const [one, two] = [await create(client_id), await create(client_id)];
    expect(two.body["id"]).toBe(one.body["id"]);
    expect(one.body).toMatchObject({ kind: "group", name: "모임", head: 1 });
    expect((await create()).body["id"]).not.toBe(one.body["id"]);
  });

  test("[D5][D19] members come, get roles, and go", async () => {
    const group = await at();
    const cat = await whole.signUp("cat");
    expect(await code(send(cat, group, "hi"))).toBe("not_member");
    expect(await code(ann.ask("PUT", `${group}/members/${cat.user_id}`))).toBe(204);
    expect(await code(send(cat, group, "hi"))).toBe(201);
    const role = { role: "admin" };
    expect(await code(ben.ask("PUT", `${group}/members/${cat.user_id}`, role))).toBe("forbidden");
    expect(await code(ann.ask("PUT", `${group}/members/${cat.user_id}`, role))).toBe(204);
    expect(await code(cat.ask("DELETE", `${group}/members/${ben.user_id}`))).toBe(204);
    expect(await code(ben.ask("GET", group))).toBe("not_member");
    expect(await code(cat.ask("POST", `${group}/leave`))).toBe(204);
    const { body } = await ann.ask("PATCH", group, { name: "혼자" });
    expect(body).toMatchObject({
      name: "혼자",
      members: [{ user_id: ann.user_id, role: "owner" }],
    });
    expect((await ann.ask("GET", `${group}/members`)).body["members"]).toHaveLength(1);
  });

  test("[X12] a deleted account leaves its groups and closes its direct channels", async () => {
    const group = await at();
    await send(ann, direct(), "one");
    expect((await ben.ask("DELETE", "/v1/me", { password: PASSWORD })).status).toBe(204);
    expect((await ann.ask("GET", group)).body["members"]).toHaveLength(1);
    expect(await code(send(ann, direct(), "two"))).not.toBe(201);
    expect((await ann.ask("GET", `${direct()}/messages`)).body["messages"]).toHaveLength(1);
    expect(await code(ben.ask("GET", "/v1/me"))).toBe("unauthenticated");
    expect(await code(ann.ask("PUT", `/v1/contacts/${ben.user_id}`))).toBe("not_found");
  });
});

describe("the feed over HTTP", () => {
  type Page = { feed: { id: string; head: number }; events: { type: string; pos: number }[] };
  const poll = async (who: Client, query = ""): Promise<Page> =>
    (await who.ask("GET", `/v1/feed${query}`)).body as Page;

  test("[P23][I7] a poll from 0 has every event, dense, and the head is where the next begins", async () => {
    await send(ann, direct(), "one");
    await send(ann, direct(), "two");
    const { feed, events } = await poll(ben, "?after=0");
    expect(events.map(({ pos }) => pos)).toEqual(events.map((_event, i) => i + 1));
    const types = events.map(({ type }) => type);
    expect(types.slice(-3)).toEqual(["channel", "message", "message"]);
    expect(await poll(ben, `?feed=${feed.id}&after=${feed.head}`)).toEqual({
      feed,
      events: [],
      more: false,
    } as never);
    expect(await poll(ben)).toMatchObject({ feed, events: [] });
  });

  test("[P23] a long poll is answered by the event that it waits for", async () => {
    const { feed } = await poll(ben);
    const waiting = poll(ben, `?feed=${feed.id}&after=${feed.head}&wait=30`);
    await send(ann, direct(), "one");
    expect((await waiting).events.length).toBeGreaterThan(0);
  });

  test("[D15] a position of another feed is told to begin anew", async () => {
    expect(await poll(ben, "?feed=other&after=1")).toMatchObject({ reset: true, events: [] });
  });

  test("[X13] changes of the account are events of the own devices, in order", async () => {
    const { feed } = await poll(ann);
    await ann.ask("PATCH", "/v1/me", { name: "A" });
    await ann.ask("PUT", `/v1/contacts/${ben.user_id}`);
    await ann.ask("PUT", `/v1/blocks/${ben.user_id}`);
    const { events } = await poll(ann, `?feed=${feed.id}&after=${feed.head}`);
    expect(events.map((event) => ("changed" in event ? event.changed : event.type))).toEqual([
      "profile",
      "contacts",
      "blocks",
    ]);
  });

  test("[X5][I17] a device logged out from afar gets no more, not even what it waits for", async () => {
    const phone = await whole.logIn("ben");
    const { feed } = await poll(phone);
    const waiting = phone.ask("GET", `/v1/feed?feed=${feed.id}&after=${feed.head}&wait=30`);
    await until(async () => (await poll(ben)).feed.head === feed.head, "the wait");
    expect((await ben.ask("DELETE", `/v1/devices/${phone.device_id}`)).status).toBe(204);
    expect(await code(waiting)).toBe("unauthenticated");
    expect(await code(phone.ask("GET", "/v1/me"))).toBe("unauthenticated");
    expect(await code(send(phone, direct(), "one"))).toBe("unauthenticated");
  });

  test("[R3] presence is seen as far as it is shown", async () => {
    const states = async (): Promise<unknown> => {
      const { body } = await ann.ask("GET", `/v1/presence?users=${ben.user_id}`);
      return (body["presence"] as { state: string }[]).map(({ state }) => state);
    };
    const { feed } = await poll(ben);
    const waiting = poll(ben, `?feed=${feed.id}&after=${feed.head}&wait=30`);
    await until(async () => String(await states()) === "online", "ben online");
    await ben.ask("PATCH", "/v1/me", { settings: { presence: "nobody" } });
    expect(await states()).toEqual(["offline"]);
    await waiting;
  });
});
