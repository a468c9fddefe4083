/** HTTP calls and their answers: right ones pass, each wrong one is flagged under its rule. */
import { expect, test } from "bun:test";
import type { Message } from "@damso/protocol/schema/message";
import {
  ann,
  bob,
  clean,
  clientId,
  eve,
  flagged,
  GROUP,
  messageIn,
  story,
  whoOf,
} from "./story.testing.ts";
import type { Story } from "./story.testing.ts";

function begun(): { told: Story; message: Message } {
  const told = story();
  told.commit(told.create([ann, bob, eve]));
  return { told, message: messageIn(told.commit(told.send(ann, "hello"))) };
}

test("[I3][I4][I22] HTTP answers are judged like their twins", () => {
  const call = `/v1/channels/${GROUP}/messages`;
  const { told, message } = begun();
  const { witness } = told.checkers;
  const { client_id, seq, message_id, created_at } = message;
  const sent = { channel: GROUP, client_id, seq, message_id, created_at };
  witness.asked(whoOf(ann), `POST ${call}`, { client_id, body: "hello" })(201, sent);
  const read = (): ((status: number, answer: unknown) => void) =>
    witness.asked(whoOf(bob), `GET ${call}/2`, undefined);
  read()(200, message);
  clean(told);
  read()(200, { ...message, rev: 4 });
  flagged(told, "I3");
  const refused = begun();
  const next = clientId();
  const tried = { client_id: next, body: "x" };
  const answered = refused.told.checkers.witness.asked(whoOf(ann), `POST ${call}`, tried);
  answered(403, { code: "not_member" });
  refused.told.commit(refused.told.send(ann, "x", { client_id: next }));
  flagged(refused.told, "I22");
  expect(refused.told.checkers.counts()["violations"]).toBe(1);
});

test("[I17] a call asks who may do it: none is answered a second after the revoke, wherever sockets are cut off", () => {
  const told = story({ revoke_grace_ms: 62_000, lossy: true });
  const { witness } = told.checkers;
  witness.revoked([whoOf(bob).session_id]);
  told.time.now += 500;
  witness.asked(whoOf(bob), "GET /v1/blocks", undefined)(200, { users: [] });
  clean(told);
  told.time.now += 1000;
  witness.asked(whoOf(bob), "GET /v1/blocks", undefined)(200, { users: [] });
  flagged(told, "I17");
});

test("[I17] a call that was under way when its session ended is finished, one that came later is not", () => {
  const { told } = begun();
  const { witness } = told.checkers;
  const read = (): ((status: number, answer: unknown) => void) =>
    witness.asked(whoOf(bob), "GET /v1/blocks", undefined);
  const before = read();
  witness.revoked([whoOf(bob).session_id]);
  told.time.now += 60_000;
  const after = read();
  after(401, { code: "unauthenticated" });
  before(200, { users: [] });
  clean(told);
  read()(200, { users: [] });
  flagged(told, "I17");
});
