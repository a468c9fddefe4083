import { expect, test } from "bun:test";
import * as fc from "fast-check";
import type { ChannelId } from "@damso/protocol/ids";
import type { Put } from "@damso/core/tables";
import { createRows, textOf } from "./rows.ts";

const channels = ["g1", "g2"] as ChannelId[];
const key = (channel: number, seq: number): [ChannelId, number] => [channels[channel]!, seq];

const puts = fc.array(fc.tuple(fc.nat({ max: 1 }), fc.nat({ max: 30 }), fc.option(fc.string())));
const bound = fc.option(fc.nat({ max: 30 }), { nil: undefined });

test("rows are what a plain map of them is, sorted", () => {
  fc.assert(
    fc.property(puts, bound, bound, fc.boolean(), (writes, from, to, reverse) => {
      const rows = createRows();
      const plain = new Map<string, [number, number, string]>();
      for (const [channel, seq, body] of writes) {
        const row = body === null ? null : { body };
        const put: Put = { table: "bodies", key: key(channel, seq), row };
        rows.put(put, textOf(put));
        if (body === null) plain.delete(`${channel}/${seq}`);
        else plain.set(`${channel}/${seq}`, [channel, seq, body]);
      }
      expect(rows.size()).toBe(plain.size);
      expect(rows.copy().size()).toBe(plain.size);
      const expected = [...plain.values()]
        .filter(([channel, seq]) => channel === 0 && seq >= (from ?? 0) && seq <= (to ?? 99))
        .sort(([, a], [, b]) => (reverse ? b - a : a - b))
        .slice(0, 5);
      const range = {
        prefix: [channels[0] as ChannelId],
        limit: 5,
        reverse,
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
      };
      const found = rows.range("bodies", range).map(({ key, row }) => [key[1], row.body]);
      expect(found).toEqual(expected.map(([, seq, body]) => [seq, body]));
      for (const [channel, seq, body] of plain.values())
        expect(rows.get("bodies", key(channel, seq))).toEqual({ body });
    }),
  );
});
