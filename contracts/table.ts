/** What every `Table` must do, run by each adapter and by the fake. */
import { afterEach, describe, expect, test } from "bun:test";
import type { ChannelId } from "@damso/protocol/ids";
import type { Stamped, Table } from "@damso/core/ports/table";
import { rejection } from "./rejection.ts";

/** Of the next write: never there; only its first row there; there but not answered; there when `arrive` is called. */
export type TableFault = "lost" | "part" | "unanswered" | "late";

export type TableUnderTest = { table: Table; close(): Promise<void> };
export type FaultyTable = TableUnderTest & {
  faults: { fail(fault: TableFault): void; arrive(): void };
};

const channel = "g1500000000000000001" as ChannelId;
const other = "g1500000000000000002" as ChannelId;

function row(seq: number, body: string | null, stamp: number): Stamped {
  return {
    put: { table: "bodies", key: [channel, seq], row: body === null ? null : { body } },
    stamp,
  };
}

async function bodies(table: Table): Promise<[unknown, string][]> {
  const entries = await table.range("bodies", { prefix: [channel], limit: 100 });
  return entries.map(({ key, row: { body } }) => [key[1], body]);
}

export function tableContract(name: string, open: () => Promise<TableUnderTest>): void {
  describe(`the table contract: ${name}`, () => {
    let under: TableUnderTest | undefined;
    const opened = async (): Promise<Table> => (under = await open()).table;
    afterEach(async () => {
      await under?.close();
      under = undefined;
    });

    test("[S3] what was written is read, alone, together and as a range", async () => {
      const table = await opened();
      const body = '안녕 \u{1f600} \\ " / line\nbreak';
      await table.write([row(9, "nine", 1), row(10, body, 1), row(100, "hundred", 1)]);
      expect(await table.get("bodies", [channel, 10])).toEqual({ body });
      expect(await table.get("bodies", [channel, 11])).toBeUndefined();
      const many = await table.many("bodies", [
        [channel, 100],
        [channel, 1],
        [channel, 9],
      ]);
      expect(many.map((each) => each?.body)).toEqual(["hundred", undefined, "nine"]);
      expect(await bodies(table)).toEqual([
        [9, "nine"],
        [10, body],
        [100, "hundred"],
      ]);
    });

    test("[S3] the bounds of a range are inclusive, it stays in its partition, and its limit counts rows that are there", async () => {
      const table = await opened();
      await table.write([8, 9, 10, 11, 12].map((seq) => row(seq, `body ${seq}`, 1)));
      await table.write([row(8, null, 2), row(11, null, 2)]);
      await table.write([
        { put: { table: "bodies", key: [other, 10], row: { body: "x" } }, stamp: 1 },
      ]);
      const seqs = async (range: object): Promise<unknown[]> => {
        const asked = { prefix: [channel], limit: 10, ...range };
        return (await table.range("bodies", asked)).map(({ key }) => key[1]);
      };
      expect(await seqs({ from: 9, to: 11 })).toEqual([9, 10]);
      expect(await seqs({ limit: 2 })).toEqual([9, 10]);
      expect(await seqs({ limit: 2, reverse: true })).toEqual([12, 10]);
    });

    test("[S14] a row keeps its highest stamp, in whatever order the writes come", async () => {
      const table = await opened();
      await table.write([row(1, "new", 7)]);
      await table.write([row(1, "old", 6)]);
      expect(await bodies(table)).toEqual([[1, "new"]]);
      await table.write([row(1, "newest", 8)]);
      expect(await bodies(table)).toEqual([[1, "newest"]]);
    });

    test("[S14] a deletion hides what is older, also what comes after it, and nothing newer", async () => {
      const table = await opened();
      await table.write([row(1, null, 5), row(2, "kept", 5)]);
      await table.write([row(1, "late", 4), row(2, null, 4)]);
      expect(await bodies(table)).toEqual([[2, "kept"]]);
      await table.write([row(1, "again", 6)]);
      expect(await bodies(table)).toEqual([
        [1, "again"],
        [2, "kept"],
      ]);
    });

    test("[S14] of two writes with one stamp a deletion wins, else the greater text, whichever comes first", async () => {
      const table = await opened();
      await table.write([row(1, "a", 5), row(2, "b", 5), row(3, "c", 5), row(4, null, 5)]);
      await table.write([row(1, "b", 5), row(2, "a", 5), row(3, null, 5), row(4, "d", 5)]);
      expect(await bodies(table)).toEqual([
        [1, "b"],
        [2, "b"],
      ]);
    });

    test("[S14] a stamp of a later epoch is higher than every one of an earlier, and none loses a digit", async () => {
      const table = await opened();
      const epoch = 2 ** 40;
      const last = 8191 * epoch + (epoch - 1);
      await table.write([row(1, "epoch 2", 2 * epoch + 1), row(2, "last", last)]);
      await table.write([row(1, "epoch 1", 2 * epoch), row(2, "before", last - 1)]);
      expect(await bodies(table)).toEqual([
        [1, "epoch 2"],
        [2, "last"],
      ]);
    });

    test("[S14] a write done again changes nothing", async () => {
      const table = await opened();
      const rows = [row(1, "one", 3), row(2, null, 3)];
      for (let times = 0; times < 3; times++) await table.write(rows);
      expect(await bodies(table)).toEqual([[1, "one"]]);
    });

    test("[S14] an aborted signal rejects and changes nothing", async () => {
      const table = await opened();
      const signal = AbortSignal.abort(new Error("enough"));
      expect(await rejection(table.write([row(1, "x", 1)], signal))).toBe(signal.reason);
      expect(await rejection(table.get("bodies", [channel, 1], signal))).toBe(signal.reason);
      expect(await bodies(table)).toEqual([]);
    });
  });
}

/** For a table whose writes can be made to go wrong. */
export function tableFaultContract(name: string, open: () => Promise<FaultyTable>): void {
  describe(`the table contract under faults: ${name}`, () => {
    const rows = [row(1, "one", 3), row(2, "two", 3)];
    const faults: [TableFault, [unknown, string][]][] = [
      ["lost", []],
      ["part", [[1, "one"]]],
      [
        "unanswered",
        [
          [1, "one"],
          [2, "two"],
        ],
      ],
    ];
    for (const [fault, there] of faults) {
      test(`[S14] a write that was ${fault} rejects, and done again it is there whole`, async () => {
        const { table, faults, close } = await open();
        faults.fail(fault);
        expect(await rejection(table.write(rows))).toBeInstanceOf(Error);
        expect(await bodies(table)).toEqual(there);
        await table.write(rows);
        expect(await bodies(table)).toEqual([
          [1, "one"],
          [2, "two"],
        ]);
        await close();
      });
    }

    test("[S14] a write that arrives late loses to what was written since", async () => {
      const { table, faults, close } = await open();
      faults.fail("late");
      expect(await rejection(table.write(rows))).toBeInstanceOf(Error);
      await table.write([row(1, "newer", 4)]);
      faults.arrive();
      expect(await bodies(table)).toEqual([
        [1, "newer"],
        [2, "two"],
      ]);
      await close();
    });
  });
}
