/** What every accounts store must do, whatever the engine. Run by each adapter and by the in-memory fake. */
import { afterEach, beforeEach, describe } from "bun:test";
import { contactsContract } from "./accounts-contacts.ts";
import { logInCodesContract } from "./accounts-log-in-codes.ts";
import { outboxContract } from "./accounts-outbox.ts";
import { rotationContract } from "./accounts-rotation.ts";
import type { AccountsPlace, Scene } from "./accounts-scene.ts";
import { openScene } from "./accounts-scene.ts";
import { sessionsContract } from "./accounts-sessions.ts";
import { subscriptionsContract } from "./accounts-subscriptions.ts";
import { usersContract } from "./accounts-users.ts";

/** Each test gets a fresh place; the suites reach it through `scene()`. */
export function accountsContract(engine: string, makePlace: () => Promise<AccountsPlace>): void {
  describe(`accounts on ${engine}`, () => {
    let scene: Scene;
    beforeEach(async () => {
      scene = await openScene(await makePlace());
    });
    afterEach(() => scene.end());

    const current = (): Scene => scene;
    describe("users", () => usersContract(current));
    describe("sessions", () => sessionsContract(current));
    describe("log-in codes", () => logInCodesContract(current));
    describe("rotation", () => rotationContract(current));
    describe("contacts", () => contactsContract(current));
    describe("subscriptions", () => subscriptionsContract(current));
    describe("outbox", () => outboxContract(current));
  });
}
