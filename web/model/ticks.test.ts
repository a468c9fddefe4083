import { expect, test } from "bun:test";
import { direct, groupId, talk, userId } from "../testing/scene.ts";
import { tickOf, tickOfPending, watermarks } from "./ticks.ts";

const me = userId(1);
const ann = userId(2);
const bob = userId(3);

test("in a direct chat the summary and the receipts are both heard, the higher counts", () => {
  const { channel } = talk(direct(2), [1, 2], [], { peer_read: 2, peer_delivered: 5 });
  expect(watermarks(channel, new Map(), me)).toEqual({ read: 2, delivered: 5 });
  const receipts = new Map([[ann, { read: 4, delivered: 4 }]]);
  expect(watermarks(channel, receipts, me)).toEqual({ read: 4, delivered: 5 });
});

test("what was read has been delivered", () => {
  const { channel } = talk(direct(2), [1, 2], [], { peer_read: 7 });
  expect(watermarks(channel, new Map(), me)).toEqual({ read: 7, delivered: 7 });
});

test("a group is as far as its slowest member, and nowhere while one is unknown", () => {
  const { channel } = talk(groupId(1), [1, 2, 3], []);
  const one = new Map([[ann, { read: 9, delivered: 9 }]]);
  expect(watermarks(channel, one, me)).toEqual({ read: 0, delivered: 0 });
  const both = new Map([...one, [bob, { read: 3, delivered: 6 }] as const]);
  expect(watermarks(channel, both, me)).toEqual({ read: 3, delivered: 6 });
});

test("notes to self are never more than kept", () => {
  const { channel } = talk(direct(1), [1], []);
  expect(watermarks(channel, new Map([[me, { read: 9, delivered: 9 }]]), me)).toEqual({
    read: 0,
    delivered: 0,
  });
});

test("a tick by watermark", () => {
  const marks = { read: 2, delivered: 3 };
  expect([1, 2, 3, 4].map((seq) => tickOf({ seq }, marks))).toEqual([
    "read",
    "read",
    "delivered",
    "stored",
  ]);
});

test("a message on its way has a clock until the server keeps it", () => {
  const ticks = (["waiting", "sending", "sent", "failed"] as const).map((state) =>
    tickOfPending({ state }),
  );
  expect(ticks).toEqual(["waiting", "waiting", "stored", "failed"]);
});
