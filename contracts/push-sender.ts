/**
 * What every sender of push services must do, whatever its service is like (`core/ports/push.ts`). The service of a test
 * answers as it is told; each adapter says how its service says such a thing.
 */
import { afterEach, beforeEach, expect, test } from "bun:test";
import type { PushTarget } from "@damso/core/ports/account-records";
import type { Delivery, Notice, PushSender } from "@damso/core/ports/push";

export type ServiceMood =
  | "takes"
  | "knows no such address"
  | "is busy for 7 s"
  | "fails"
  | "does not answer"
  | "will never take it";

export type SenderScene = {
  sender: PushSender;
  target: PushTarget;
  feel(mood: ServiceMood): void;
  /** What the service was told of so far, as text that a person could read. */
  heard(): string[];
  end(): Promise<void>;
};

export const NOTICE: Extract<Notice, { kind: "message" }> = {
  kind: "message",
  channel: "g1500000000000000009",
  seq: 7,
  pos: 12,
  title: "담소 모임",
  body: "민지: 오늘 저녁 어때요?",
  count: 3,
  badge: 5,
  silent: false,
};

export const deliveryOf = (target: PushTarget, notice: Notice = NOTICE): Delivery => ({
  target,
  notice,
  collapse: notice.channel,
  ttl_s: 86_400,
});

export function pushSenderContract(open: () => Promise<SenderScene>): void {
  let scene: SenderScene;
  beforeEach(async () => {
    scene = await open();
  });
  afterEach(() => scene.end());

  const send = (notice?: Notice) => scene.sender.send(deliveryOf(scene.target, notice));

  test("[N3] what was sent arrives: title, text, place and badge", async () => {
    scene.feel("takes");
    expect(await send()).toEqual({ outcome: "sent" });
    const [heard = ""] = scene.heard();
    for (const part of ["담소 모임", "민지: 오늘 저녁 어때요?", NOTICE.channel, "7", "5"])
      expect(heard).toContain(part);
  });

  test("[N9] what takes a notification back names the channel and shows no text", async () => {
    scene.feel("takes");
    const back: Notice = { kind: "read", channel: NOTICE.channel, seq: 7, pos: 13, badge: 2 };
    expect(await send(back)).toEqual({ outcome: "sent" });
    expect(scene.heard()[0]).toContain(NOTICE.channel);
    expect(scene.heard()[0]).not.toContain("담소");
  });

  test("[N3] a text of the longest kind arrives, cut where it has to be", async () => {
    scene.feel("takes");
    expect(await send({ ...NOTICE, body: "긴".repeat(5000) })).toEqual({ outcome: "sent" });
    expect(scene.heard()[0]).toContain("긴긴긴");
  });

  test("[N11] an address that the service does not know is gone", async () => {
    scene.feel("knows no such address");
    expect(await send()).toMatchObject({ outcome: "gone" });
  });

  test("[N6] a busy service is asked later, when it says; one that fails or is silent, later too", async () => {
    scene.feel("is busy for 7 s");
    expect(await send()).toMatchObject({ outcome: "later", after_ms: 7000 });
    scene.feel("fails");
    expect(await send()).toMatchObject({ outcome: "later" });
    scene.feel("does not answer");
    expect(await send()).toMatchObject({ outcome: "later", why: expect.any(String) });
    scene.feel("takes");
    expect(await send()).toEqual({ outcome: "sent" });
  });

  test("[N15] what is never taken is refused, and no reason holds an address or a text", async () => {
    scene.feel("will never take it");
    const outcome = await send();
    expect(outcome).toMatchObject({ outcome: "refused" });
    const text = JSON.stringify(outcome);
    const secrets = Object.values(scene.target).filter(
      (one) => typeof one === "string" && one.length > 8,
    );
    for (const secret of [...secrets, NOTICE.body, NOTICE.channel])
      expect(text).not.toContain(secret);
  });

  test("[N12] a target has a service, and a text that names it", () => {
    expect(scene.sender.serviceOf(scene.target)).toMatch(/^[a-z0-9.:-]+$/);
    expect(scene.sender.refusal(scene.target)).toBeUndefined();
  });
}
