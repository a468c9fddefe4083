import { expect, test } from "bun:test";
import type { Message } from "@damso/protocol";
import * as fc from "fast-check";
import { groupId, messageOf } from "../testing/records.ts";
import { mergeMessage } from "./merge.ts";

const state = (rev: number, parts: Partial<Message> = {}): Message =>
  messageOf(groupId(1), 1, { rev, ...parts });

const check = (
  title: string,
  stored: Message | undefined,
  arriving: Message,
  expected: Message,
): void => test(title, () => expect(mergeMessage(stored, arriving)).toEqual(expected));

check("[I16] the first state is kept as it is", undefined, state(1), state(1));
check(
  "[I16] a higher rev wins",
  state(1, { body: "a" }),
  state(2, { body: "b" }),
  state(2, { body: "b" }),
);
check(
  "[I16] a lower rev loses",
  state(2, { body: "b" }),
  state(1, { body: "a" }),
  state(2, { body: "b" }),
);
check(
  "[I16] a preview of the same body_rev keeps the whole body",
  state(1, { body: "whole" }),
  state(2, { body: "wh", truncated: true }),
  state(2, { body: "whole" }),
);
check(
  "[I16] an older whole body completes a newer preview",
  state(2, { body: "wh", truncated: true }),
  state(1, { body: "whole" }),
  state(2, { body: "whole" }),
);
check(
  "[I16] a preview of another body_rev replaces the body",
  state(1, { body: "whole" }),
  state(2, { body: "ne", body_rev: 2, truncated: true }),
  state(2, { body: "ne", body_rev: 2, truncated: true }),
);
const deleted: Message = (({ body: _, ...rest }) => ({ ...rest, deleted_at: rest.created_at }))(
  state(3, { body_rev: 2 }),
);
check("[I16] a deleted message keeps no body", state(2, { body: "gone" }), deleted, deleted);

/** What a server tells of one message: the whole states, and previews of some of them. */
const states: Message[] = [1, 2, 3, 4].flatMap((rev) => {
  const body_rev = rev < 3 ? 1 : 2;
  const body = `body ${body_rev}`;
  return [
    state(rev, { body_rev, body }),
    state(rev, { body_rev, body: body.slice(0, 2), truncated: true }),
  ];
});

test("[I16] any order and repetition of the same states ends the same", () => {
  fc.assert(
    fc.property(
      fc.shuffledSubarray(states, { minLength: 1 }),
      fc.array(fc.nat({ max: states.length - 1 })),
      (once, again) => {
        const repeated = again.map((at) => once[at % once.length] as Message);
        const merge = (all: Message[]): Message | undefined =>
          all.reduce<Message | undefined>(mergeMessage, undefined);
        const newest = Math.max(...once.map((m) => m.rev));
        const merged = merge([...once, ...repeated]);
        expect(merged?.rev).toBe(newest);
        const whole = once.some(
          (m) => m.truncated !== true && m.body_rev === merged?.body_rev && m.rev === newest,
        );
        if (whole) expect(merged?.truncated).toBeUndefined();
      },
    ),
  );
});
