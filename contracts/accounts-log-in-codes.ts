/** Codes that let a new device in: part of the accounts contract. */
import { expect, test } from "bun:test";
import type { Session } from "@damso/core/ports/account-records";
import type { LogInCodes, NewLogInCode } from "@damso/core/ports/log-in-codes";
import type { UserId } from "@damso/protocol/ids";
import type { Scene } from "./accounts-scene.ts";
import {
  addSession,
  addUser,
  changesOf,
  clearOutbox,
  HASH,
  newId,
  newSession,
  START,
} from "./accounts-scene.ts";

const LIFE_MS = 120_000;
const LATER = START + 1000;
const RULE = { devices_max: 30, if_hash: HASH };

function newCode(created_at: number = START): NewLogInCode {
  const name = newId();
  return {
    code_hash: `code ${name}`,
    secret_hash: `secret ${name}`,
    device_name: "Chrome · Linux",
    address: "192.0.2.7",
    created_at,
    expires_at: created_at + LIFE_MS,
  };
}

type Person = { user_id: UserId; session: Session };

async function signIn(scene: Scene, username: string): Promise<Person> {
  const user_id = await addUser(scene, username);
  const session = await addSession(scene, user_id);
  await clearOutbox(scene);
  return { user_id, session };
}

const answerOf = ({ user_id, session }: Person, code_hash: string, approve: boolean) => ({
  code_hash,
  user_id,
  session_id: session.session_id,
  approve,
  now: LATER,
  until: LATER,
});

/** A code that somebody has approved. */
async function approved(codes: LogInCodes, person: Person): Promise<NewLogInCode> {
  const code = newCode();
  await codes.create(code, 10);
  expect(await codes.answer(answerOf(person, code.code_hash, true))).toBe("ok");
  return code;
}

export function logInCodesContract(scene: () => Scene): void {
  test("[X15] what is over is deleted when it is asked for, and nothing else", async () => {
    const { log_in_codes } = scene().accounts;
    const [early, late] = [newCode(), newCode(LATER)];
    for (const code of [early, late]) await log_in_codes.create(code, 10);
    await log_in_codes.removeOver(early.expires_at - 1);
    expect(await log_in_codes.find(early.code_hash, START)).toBeDefined();
    await log_in_codes.removeOver(early.expires_at);
    // Asked for at a time when it was not over: the row is gone.
    expect(await log_in_codes.find(early.code_hash, START)).toBeUndefined();
    expect(await log_in_codes.find(late.code_hash, START)).toBeDefined();
  });

  test("[X15] a code is found until its time is over, also after a restart", async () => {
    const code = newCode();
    expect(await scene().accounts.log_in_codes.create(code, 10)).toBe("created");
    await scene().reopen();
    const { log_in_codes } = scene().accounts;
    const { code_hash, expires_at } = code;
    const found = { ...code, state: "waiting", user_id: null };
    expect(await log_in_codes.find(code_hash, expires_at - 1)).toEqual(found as never);
    expect(await log_in_codes.find(code_hash, expires_at)).toBeUndefined();
    expect(await log_in_codes.find(code.secret_hash, START)).toBeUndefined();
  });

  test("[X16] so many codes wait and no more, until the time of one is over", async () => {
    const { log_in_codes } = scene().accounts;
    const first = newCode();
    expect(await log_in_codes.create(first, 2)).toBe("created");
    expect(await log_in_codes.create(newCode(START + 1), 2)).toBe("created");
    expect(await log_in_codes.create(newCode(START + 2), 2)).toBe("full");
    expect(await log_in_codes.create(newCode(first.expires_at), 2)).toBe("created");
    expect(await log_in_codes.find(first.code_hash, START)).toBeUndefined();
  });

  test("[X15] the first answer counts, and may be repeated by whoever gave it", async () => {
    const amy = await signIn(scene(), "amy");
    const bob = await signIn(scene(), "bob");
    const { log_in_codes } = scene().accounts;
    const code = newCode();
    const { code_hash } = code;
    await log_in_codes.create(code, 10);
    const answers = [
      answerOf(amy, code_hash, false),
      answerOf(amy, code_hash, false),
      answerOf(amy, code_hash, true),
      answerOf(bob, code_hash, false),
      answerOf(amy, "code unknown", true),
      { ...answerOf(amy, code_hash, false), now: code.expires_at },
    ];
    const outcomes = [];
    for (const answer of answers) outcomes.push(await log_in_codes.answer(answer));
    expect(outcomes).toEqual(["ok", "ok", "answered", "answered", "not_found", "not_found"]);
    const found = await log_in_codes.find(code_hash, LATER);
    expect(found).toMatchObject({ state: "refused", user_id: amy.user_id });
  });

  test("[X15] of two answers at once one counts", async () => {
    const amy = await signIn(scene(), "amy");
    const bob = await signIn(scene(), "bob");
    const { log_in_codes } = scene().accounts;
    const code = newCode();
    await log_in_codes.create(code, 10);
    const answers = [amy, bob].map((person) => answerOf(person, code.code_hash, true));
    const outcomes = await Promise.all(answers.map((answer) => log_in_codes.answer(answer)));
    expect(outcomes.toSorted()).toEqual(["answered", "ok"]);
  });

  test("[X15] a code that is approved at its end is there a little longer", async () => {
    const amy = await signIn(scene(), "amy");
    const { log_in_codes } = scene().accounts;
    const code = newCode();
    await log_in_codes.create(code, 10);
    const now = code.expires_at - 1;
    const until = now + 60_000;
    await log_in_codes.answer({ ...answerOf(amy, code.code_hash, true), now, until });
    expect(await log_in_codes.find(code.code_hash, until - 1)).toMatchObject({ expires_at: until });
  });

  test("[X16] an approved code opens one session, however often and at once it is used", async () => {
    const amy = await signIn(scene(), "amy");
    const { log_in_codes, sessions } = scene().accounts;
    const { code_hash } = await approved(log_in_codes, amy);
    const { family_hash, token_hash } = newSession(amy.user_id);
    const uses = [1, 2, 3].map(() => {
      const session = { ...newSession(amy.user_id, LATER), family_hash, token_hash };
      return log_in_codes.use({ code_hash, session, rule: RULE, now: LATER });
    });
    const outcomes = (await Promise.all(uses)).map(({ outcome }) => outcome);
    expect(outcomes.toSorted()).toEqual(["created", "repeated", "repeated"]);
    expect(await sessions.list(amy.user_id)).toHaveLength(2);
    expect(await changesOf(scene(), amy.user_id)).toEqual([{ kind: "devices", revoked: [] }]);
  });

  test("[X16] a code is over when its session has been used, and when that is revoked", async () => {
    const amy = await signIn(scene(), "amy");
    const { log_in_codes, sessions } = scene().accounts;
    for (const end of ["use", "revoke"] as const) {
      const { code_hash } = await approved(log_in_codes, amy);
      const session = newSession(amy.user_id, LATER);
      const use = { code_hash, session, rule: RULE, now: LATER };
      expect(await log_in_codes.use(use)).toMatchObject({ outcome: "created" });
      expect(await log_in_codes.answer(answerOf(amy, code_hash, true))).toBe("ok");
      expect(await log_in_codes.answer(answerOf(amy, code_hash, false))).toBe("answered");
      const { session_id } = session;
      if (end === "use") await sessions.touch([{ session_id, generation: 1, used_at: LATER }]);
      else await sessions.revoke(amy.user_id, { session_id }, LATER);
      expect(await log_in_codes.use(use)).toEqual({ outcome: "stale" });
    }
  });

  test("[X16] nothing is opened by a code that waits, was refused, is over or another's", async () => {
    const amy = await signIn(scene(), "amy");
    const bob = await signIn(scene(), "bob");
    const { log_in_codes, sessions } = scene().accounts;
    const waiting = newCode();
    const refused = newCode();
    await log_in_codes.create(waiting, 10);
    await log_in_codes.create(refused, 10);
    await log_in_codes.answer(answerOf(amy, refused.code_hash, false));
    const good = await approved(log_in_codes, amy);
    const use = (code: NewLogInCode, person: Person, now: number) => {
      const session = newSession(person.user_id, now);
      return log_in_codes.use({ code_hash: code.code_hash, session, rule: RULE, now });
    };
    const stale = { outcome: "stale" } as const;
    expect(await use(waiting, amy, LATER)).toEqual(stale);
    expect(await use(refused, amy, LATER)).toEqual(stale);
    expect(await use(good, bob, LATER)).toEqual(stale);
    expect(await use(good, amy, good.expires_at)).toEqual(stale);
    expect(await sessions.list(bob.user_id)).toEqual([bob.session]);
    expect(await use(good, amy, LATER)).toMatchObject({ outcome: "created" });
  });

  test("[X16] nothing is opened when the approving session is gone, or the password another", async () => {
    const amy = await signIn(scene(), "amy");
    const { log_in_codes, sessions } = scene().accounts;
    const one = await approved(log_in_codes, amy);
    const two = await approved(log_in_codes, amy);
    const session = newSession(amy.user_id, LATER);
    const rule = { ...RULE, if_hash: "$argon2id$another" };
    const stale = { outcome: "stale" } as const;
    const now = LATER;
    expect(await log_in_codes.use({ code_hash: one.code_hash, session, rule, now })).toEqual(stale);
    await sessions.revoke(amy.user_id, { all_but: null }, LATER);
    const late = { code_hash: two.code_hash, session, rule: RULE, now };
    expect(await log_in_codes.use(late)).toEqual(stale);
    expect(await sessions.list(amy.user_id)).toEqual([]);
  });
}
