/** A checker that finds nothing is worth nothing unless it finds what is there. */
import { expect, test } from "bun:test";
import type { Put } from "@damso/core/tables";
import type { CommitNote, Rows } from "./commits.testing.ts";
import { rowsAfter } from "./commits.testing.ts";
import { checkAgreement, checkCommits, checkNothingElse } from "./rows.testing.ts";

const ann = "1500000000000000001";
const ben = "1500000000000000002";
const channel = `d${ann}.${ben}`;

function put(table: string, key: (string | number)[], row: unknown): Put {
  return { table, key, row } as unknown as Put;
}

/** Ann's message to Ben, with all that belongs to it. */
function sent(seq: number): Put[] {
  const message = { channel, seq, kind: "text", sender_id: ann, client_id: `c${seq}` };
  const entry = { kind: "message", channel, seq };
  return [
    put("channels", [channel], { members: [{ user_id: ann }, { user_id: ben }] }),
    put("messages", [channel, seq], message),
    put("sends", [channel, 0, ann, `c${seq}`], { seq }),
    put("feed", [ann, seq], entry),
    put("feed", [ben, seq], entry),
  ];
}

const commits: CommitNote[] = [
  { n: 1, puts: sent(1), sent: [] },
  { n: 2, puts: sent(2), sent: [] },
];
const AT = { acknowledged: 1, begun: 2 };

/** Both messages, without the rows that are named. */
function without(...ids: string[]): Rows {
  const rows = rowsAfter(commits, 2);
  for (const id of ids) rows.delete(id);
  return rows;
}

test("[S2] a commit under way may be there or not", () => {
  expect(checkCommits(commits, AT, rowsAfter(commits, 1))).toEqual([]);
  expect(checkCommits(commits, AT, rowsAfter(commits, 2))).toEqual([]);
  expect(checkAgreement(rowsAfter(commits, 2))).toEqual([]);
});

test("[S2] half of a commit is found", () => {
  expect(checkCommits(commits, AT, without(`feed ${ben}/2`)).join()).toContain("[S2] ");
});

test("[I1] a row of an acknowledged commit that is gone is found", () => {
  expect(checkCommits(commits, AT, without(`messages ${channel}/1`)).join()).toContain("[I1] ");
});

test("[I3] a row that no commit put there is found", () => {
  const known = rowsAfter(commits, 1);
  expect(checkNothingElse(rowsAfter(commits, 1), known)).toEqual([]);
  expect(checkNothingElse(rowsAfter(commits, 2), known).join()).toContain("[I3] ");
});

const DISAGREEMENTS: [fault: string, id: string][] = [
  ["I4", `sends ${channel}/0/${ann}/c1`],
  ["I7", `messages ${channel}/1`],
  ["I10", `feed ${ben}/2`],
];

for (const [fault, id] of DISAGREEMENTS) {
  test(`[${fault}] rows that do not agree are found: ${id.split(" ")[0]}`, () => {
    expect(checkAgreement(without(id)).join()).toContain(`[${fault}] `);
  });
}
