/** Refresh tokens and their reuse: part of the accounts contract. The rule is `Sessions.rotate`. */
import { expect, test } from "bun:test";
import type { Session } from "@damso/core/ports/account-records";
import type { Rotation } from "@damso/core/ports/accounts";
import type { UserId } from "@damso/protocol/ids";
import type { Scene } from "./accounts-scene.ts";
import {
  addSession,
  addUser,
  changesOf,
  clearOutbox,
  newSession,
  START,
} from "./accounts-scene.ts";

const GRACE_MS = 10_000;
const LATER = START + 60_000;

type Device = {
  session: Session;
  user_id: UserId;
  /** Spends token `n` at `now`; its successor is always token `n + 1`. */
  spend(n: number, now: number, next?: string): Promise<Rotation>;
  /** Notes the use of an access token of a generation. */
  use(generation: number): Promise<void>;
};

async function signIn(scene: Scene, username: string): Promise<Device> {
  const user_id = await addUser(scene, username);
  const asked = newSession(user_id);
  const session = await addSession(scene, user_id, { ...asked, token_hash: "token 1" });
  await clearOutbox(scene);
  const { session_id } = session;
  return {
    session,
    user_id,
    spend: (n, now, next = `token ${n + 1}`) =>
      scene.accounts.sessions.rotate({
        family_hash: asked.family_hash,
        token_hash: `token ${n}`,
        next_hash: next,
        now,
        grace_ms: GRACE_MS,
      }),
    use: (generation) =>
      scene.accounts.sessions.touch([{ session_id, generation, used_at: START }]),
  };
}

export function rotationContract(scene: () => Scene): void {
  test("[X4] the newest token is exchanged for its successor", async () => {
    const device = await signIn(scene(), "amy");
    const first = await device.spend(1, LATER);
    const expected = { ...device.session, generation: 2, last_used_at: LATER };
    expect(first).toEqual({ outcome: "rotated", session: expected });
    await scene().reopen();
    const second = await device.spend(2, LATER + 1);
    expect(second).toMatchObject({ outcome: "rotated", session: { generation: 3 } });
    expect(await changesOf(scene(), device.user_id)).toEqual([]);
  });

  test("[X4] two tabs that spend one token at once both get the one successor", async () => {
    const device = await signIn(scene(), "bob");
    const results = await Promise.all([1, 2, 3].map(() => device.spend(1, LATER)));
    const outcomes = results.map((result) => result.outcome).sort();
    expect(outcomes).toEqual(["repeated", "repeated", "rotated"]);
    expect(await device.spend(2, LATER + 1)).toMatchObject({ outcome: "rotated" });
  });

  test("[X4] within the grace the predecessor repeats although its successor was used", async () => {
    const device = await signIn(scene(), "cat");
    await device.spend(1, LATER);
    await device.use(2);
    expect(await device.spend(1, LATER + GRACE_MS)).toMatchObject({ outcome: "repeated" });
  });

  test("[X4] an answer lost in a tunnel logs nobody out, however long the tunnel", async () => {
    const device = await signIn(scene(), "dan");
    await device.use(1);
    await device.spend(1, LATER);
    const later = await device.spend(1, LATER + 3_600_000);
    expect(later).toMatchObject({ outcome: "repeated", session: { generation: 2 } });
    expect(await device.spend(2, LATER + 3_600_001)).toMatchObject({ outcome: "rotated" });
  });

  test("[X4] a spent token whose successor is in use is reuse, and revokes the session", async () => {
    const device = await signIn(scene(), "eve");
    await device.spend(1, LATER);
    await device.use(2);
    const stolen = await device.spend(1, LATER + GRACE_MS + 1);
    expect(stolen).toMatchObject({ outcome: "reused" });
    const { session_id } = device.session;
    expect(await scene().accounts.sessions.byId(session_id)).toBeUndefined();
    expect(await device.spend(2, LATER + GRACE_MS + 2)).toEqual({ outcome: "unknown" });
    const changes = await changesOf(scene(), device.user_id);
    expect(changes).toEqual([{ kind: "devices", revoked: [session_id] }]);
  });

  test("[X4] a token older than the predecessor is reuse at any time", async () => {
    const device = await signIn(scene(), "fay");
    await device.spend(1, LATER);
    await device.spend(2, LATER);
    expect(await device.spend(1, LATER)).toMatchObject({ outcome: "reused" });
    expect(await device.spend(3, LATER)).toEqual({ outcome: "unknown" });
  });

  test("[X4] a token that was never given out, in a family that was, is reuse", async () => {
    const device = await signIn(scene(), "gus");
    expect(await device.spend(7, LATER)).toMatchObject({ outcome: "reused" });
  });

  test("[X4] a predecessor that derives another successor is not repeated", async () => {
    const device = await signIn(scene(), "hal");
    await device.spend(1, LATER);
    expect(await device.spend(1, LATER, "token x")).toMatchObject({ outcome: "reused" });
  });

  test("[X4] a family that never was is unknown, and revokes nothing", async () => {
    const device = await signIn(scene(), "ian");
    const turn = { token_hash: "token 1", next_hash: "token 2", now: LATER, grace_ms: GRACE_MS };
    const { sessions } = scene().accounts;
    expect(await sessions.rotate({ ...turn, family_hash: "guess" })).toEqual({
      outcome: "unknown",
    });
    expect(await sessions.byId(device.session.session_id)).toEqual(device.session);
  });
}
