import { expect, test } from "bun:test";
import { LIMITS } from "@damso/protocol/limits";
import type { UserId } from "@damso/protocol/ids";
import { withinBytes } from "@damso/protocol/text";
import { person } from "../shard/scene.testing.ts";
import {
  ann,
  bob,
  codeOf,
  direct,
  eve,
  group,
  must,
  NOW,
  profileOf,
  sendOf,
  told,
  world,
} from "./scene.testing.ts";
import { decideSend } from "./send.ts";
import type { ChannelState } from "./state.ts";

const decide = (channel: ChannelState, from: UserId, more = {}, peer = profileOf(bob)) =>
  decideSend(channel, sendOf(channel, from, more), undefined, peer, world());

function check(title: string, expected: string, run: () => string): void {
  test(title, () => expect(run()).toBe(expected));
}

check("[D5][I9] a send by someone who is not a member is refused", "not_member", () =>
  codeOf(decide(group(), eve)),
);
check("[D8][I19] a send is refused to the one who blocked", "blocked", () =>
  codeOf(decide(direct({ blocked_by: [ann] }), ann)),
);
check("[D8][I19] and to the one who is blocked", "blocked", () =>
  codeOf(decide(direct({ blocked_by: [ann] }), bob)),
);
check("[D9] a reply to a seq that is not there", "not_found", () =>
  codeOf(decide(group(), ann, { reply_to: 11 })),
);
check("[D9] a mention of someone who is not a member", "invalid", () =>
  codeOf(decide(group(), ann, { mentions: [eve] })),
);
check("[D9] all in a direct channel", "invalid", () =>
  codeOf(decide(direct(), ann, { mentions: ["all"] })),
);
check("[D9] all in a group", "ok", () => codeOf(decide(group(), ann, { mentions: ["all"] })));
check("[X12] a channel whose other account is gone", "forbidden", () =>
  codeOf(decide(direct({ closed: true, head: 3 }), ann)),
);

check("[D6] a reply to what was before the own join", "not_found", () => {
  const members = new Map(group([ann, bob, eve]).members).set(eve, {
    role: "member",
    joined_at_seq: 8,
    visible_from: 8,
  });
  return codeOf(decide(group([ann], { members }), eve, { reply_to: 7 }));
});

check("[D8] who_may_message keeps strangers from beginning", "forbidden", () =>
  codeOf(decide(direct(), ann, {}, { ...profileOf(bob), who_may_message: "contacts" })),
);
check("[D8] who_may_message lets contacts begin", "ok", () =>
  codeOf(
    decide(
      direct(),
      ann,
      {},
      { ...profileOf(bob), who_may_message: "contacts", contacts: new Set([ann]) },
    ),
  ),
);
check("[D8] who_may_message does not end what has begun", "ok", () =>
  codeOf(decide(direct({ head: 1 }), ann, {}, { ...profileOf(bob), who_may_message: "nobody" })),
);

test("[D4] the first message of a direct channel brings it to both, in one commit", () => {
  const decision = must(decide(direct(), ann));
  expect(told(decision)).toEqual(["joined:ann,bob", "message:ann,bob"]);
  expect(decision.puts.map(({ table }) => table).sort()).toEqual(["channels", "messages", "sends"]);
  expect(decision.channel?.head).toBe(1);
});

test("[D4] notes to self have one member", () => {
  const own = direct();
  const channel = {
    ...own,
    id: `d${ann}.${ann}` as typeof own.id,
    members: new Map([...own.members].slice(0, 1)),
  };
  expect(told(decide(channel, ann, {}, profileOf(ann)))).toEqual(["joined:ann", "message:ann"]);
});

test("[D3][I4] a send that was accepted before gets the first place and writes nothing", () => {
  const channel = group();
  const earlier = { seq: 4, message_id: "1500000000000000004" as never, created_at: NOW };
  const send = sendOf(channel, ann);
  const decision = must(decideSend(channel, send, earlier, undefined, world()));
  expect(decision.reply).toEqual({ channel: channel.id, client_id: send.client_id, ...earlier });
  expect([decision.puts, decision.tells, decision.channel]).toEqual([[], [], undefined]);
});

test("[D3] a duplicate is answered even to someone who has left meanwhile", () => {
  const earlier = { seq: 4, message_id: "1500000000000000004" as never, created_at: NOW };
  expect(codeOf(decideSend(group(), sendOf(group(), eve), earlier, undefined, world()))).toBe("ok");
});

test("[D2][I7] seqs follow each other and ids grow with them", () => {
  const at = world();
  let channel = group();
  const sent = [1, 2, 3].map(() => {
    const decision = must(decideSend(channel, sendOf(channel, ann), undefined, undefined, at));
    channel = decision.channel as ChannelState;
    return decision.reply;
  });
  expect(sent.map(({ seq }) => seq)).toEqual([11, 12, 13]);
  expect(sent.map(({ message_id }) => message_id)).toEqual(
    sent.map(({ message_id }) => message_id).toSorted(),
  );
  expect(new Set(sent.map(({ message_id }) => message_id)).size).toBe(3);
});

test("[S5] a body over 4 KiB goes apart, whole, and leaves a preview that fits", () => {
  const body = "가나다라".repeat(1000);
  const { puts } = must(decide(group(), ann, { body }));
  const row = puts.find(({ table }) => table === "messages")?.row as {
    body: string;
    truncated: boolean;
    length: number;
  };
  expect(puts.find(({ table }) => table === "bodies")?.row).toEqual({ body });
  expect([row.truncated, row.length]).toEqual([true, 4000]);
  expect(withinBytes(row.body, LIMITS.preview_bytes_max)).toBe(true);
  expect(body.startsWith(row.body)).toBe(true);
});

test("[S5] a preview never cuts a surrogate pair", () => {
  const { puts } = must(decide(group(), ann, { body: `x${"\u{1f600}".repeat(2000)}` }));
  const row = puts.find(({ table }) => table === "messages")?.row as { body: string };
  expect(row.body.isWellFormed()).toBe(true);
});

test("[I10] everyone who is a member at the seq is told, and no one else", () => {
  const many = Array.from({ length: 100 }, (_, n) => person(n + 1));
  const [tell] = must(decide(group(many), ann)).tells;
  expect(tell?.users).toEqual(many);
});
