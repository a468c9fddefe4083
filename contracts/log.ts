/** What every `Log` must do, run by each adapter and by the fake. */
import { afterEach, describe, expect, test } from "bun:test";
import type { Appended, Log } from "@damso/core/ports/log";
import { rejection } from "./rejection.ts";

/** Of the next append: never there; there but not answered; there only when `arrive` is called, and not answered. */
export type LogFault = "lost" | "unanswered" | "late";

export type LogUnderTest = { log: Log; close(): Promise<void> };
export type FaultyLog = LogUnderTest & {
  faults: { fail(fault: LogFault): void; arrive(): void };
};

export function logContract(name: string, open: () => Promise<LogUnderTest>): void {
  describe(`the log contract: ${name}`, () => {
    let under: LogUnderTest | undefined;
    const opened = async (): Promise<Log> => (under = await open()).log;
    afterEach(async () => {
      await under?.close();
      under = undefined;
    });

    const filled = async (count: number): Promise<Log> => {
      const log = await opened();
      for (let seq = 1; seq <= count; seq++) await log.append(`r${seq}`, seq - 1);
      return log;
    };
    const seqs = async (log: Log, from: number, limit: number): Promise<number[]> =>
      (await log.read(from, limit)).map(({ seq }) => seq);

    test("[S13] an empty log ends at 0, and its records are numbered from 1 without a gap", async () => {
      const log = await opened();
      expect(await log.ends()).toEqual({ first: 1, last: 0 });
      expect(await log.read(1, 10)).toEqual([]);
      expect(await log.append("a", 0)).toEqual({ ok: true, seq: 1 });
      expect(await log.append("b", 1)).toEqual({ ok: true, seq: 2 });
      expect(await log.ends()).toEqual({ first: 1, last: 2 });
      expect(await log.read(1, 10)).toEqual([
        { seq: 1, text: "a" },
        { seq: 2, text: "b" },
      ]);
    });

    test("[S13] an append that expects another end is refused and changes nothing", async () => {
      const log = await filled(2);
      for (const wrong of [0, 1, 3, 100])
        expect(await log.append("x", wrong)).toEqual({ ok: false });
      expect(await log.read(1, 10)).toEqual([
        { seq: 1, text: "r1" },
        { seq: 2, text: "r2" },
      ]);
    });

    test("[S13] of appends that expect the same end one is there", async () => {
      const log = await filled(1);
      const all = await Promise.all(["a", "b", "c"].map((text) => log.append(text, 1)));
      expect(all.filter((appended: Appended) => appended.ok)).toHaveLength(1);
      expect(await log.ends()).toEqual({ first: 1, last: 2 });
    });

    test("[S13] records come in order, as many as asked, from where asked", async () => {
      const log = await filled(5);
      expect(await seqs(log, 1, 2)).toEqual([1, 2]);
      expect(await seqs(log, 3, 2)).toEqual([3, 4]);
      expect(await seqs(log, 5, 2)).toEqual([5]);
      expect(await seqs(log, 6, 2)).toEqual([]);
    });

    test("[I13] a text comes back as it was, byte for byte", async () => {
      const log = await opened();
      const texts = ['안녕 \u{1f600} \\ " / \u0000 line\nbreak', "x".repeat(900_000)];
      for (const [i, text] of texts.entries()) await log.append(text, i);
      expect((await log.read(1, 2)).map(({ text }) => text)).toEqual(texts);
    });

    test("[S15] what is purged is gone, and the numbers go on", async () => {
      const log = await filled(4);
      await log.purge(2);
      expect(await log.ends()).toEqual({ first: 3, last: 4 });
      expect(await seqs(log, 1, 10)).toEqual([3, 4]);
      await log.purge(1);
      expect(await log.ends()).toEqual({ first: 3, last: 4 });
      await log.purge(4);
      expect(await log.ends()).toEqual({ first: 5, last: 4 });
      expect(await log.read(1, 10)).toEqual([]);
      expect(await log.append("again", 0)).toEqual({ ok: false });
      expect(await log.append("next", 4)).toEqual({ ok: true, seq: 5 });
      expect(await log.read(1, 10)).toEqual([{ seq: 5, text: "next" }]);
    });

    test("[S13] an aborted signal rejects and changes nothing", async () => {
      const log = await filled(1);
      const signal = AbortSignal.abort(new Error("enough"));
      expect(await rejection(log.append("x", 1, signal))).toBe(signal.reason);
      expect(await rejection(log.purge(1, signal))).toBe(signal.reason);
      expect(await rejection(log.read(1, 1, signal))).toBe(signal.reason);
      expect(await rejection(log.ends(signal))).toBe(signal.reason);
      expect(await log.ends()).toEqual({ first: 1, last: 1 });
    });
  });
}

/** For a log whose appends can be made to go wrong: the fake, the simulator's model, an adapter behind a proxy. */
export function logFaultContract(name: string, open: () => Promise<FaultyLog>): void {
  describe(`the log contract under faults: ${name}`, () => {
    async function failed(fault: LogFault): Promise<FaultyLog> {
      const under = await open();
      await under.log.append("first", 0);
      under.faults.fail(fault);
      expect(await rejection(under.log.append("second", 1))).toBeInstanceOf(Error);
      return under;
    }

    test("[S13] an append that was lost is not there, and can be made again", async () => {
      const { log, close } = await failed("lost");
      expect(await log.read(2, 1)).toEqual([]);
      expect(await log.append("second", 1)).toEqual({ ok: true, seq: 2 });
      await close();
    });

    test("[S13] an append that was not answered is there once, however often it is made again", async () => {
      const { log, close } = await failed("unanswered");
      expect(await log.append("second", 1)).toEqual({ ok: false });
      expect(await log.read(1, 10)).toEqual([
        { seq: 1, text: "first" },
        { seq: 2, text: "second" },
      ]);
      await close();
    });

    test("[S13] an append that arrives late is there if nothing else is, and made again it is refused", async () => {
      const { log, faults, close } = await failed("late");
      expect(await log.read(2, 1)).toEqual([]);
      faults.arrive();
      expect(await log.read(2, 1)).toEqual([{ seq: 2, text: "second" }]);
      expect(await log.append("second", 1)).toEqual({ ok: false });
      await close();
    });

    test("[S13] an append that arrives after another is refused", async () => {
      const { log, faults, close } = await failed("late");
      expect(await log.append("fence", 1)).toEqual({ ok: true, seq: 2 });
      faults.arrive();
      expect(await log.read(2, 10)).toEqual([{ seq: 2, text: "fence" }]);
      await close();
    });
  });
}
