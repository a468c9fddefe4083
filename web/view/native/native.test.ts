import { describe, expect, test } from "bun:test";
import { memoryKeep } from "../../testing/context.ts";
import { findBridge } from "./bridge.ts";
import { openPush } from "./push.ts";
import { isDamso, toAddress } from "./server-address.ts";
import { fakeBridge } from "./testing/fake-bridge.ts";
import { openVault, secretKeep } from "./vault.ts";

const NAMES = { messages: "Messages", quiet: "Quiet" };

describe("the bridge", () => {
  const native = (platform: string) => ({
    Capacitor: {
      getPlatform: () => platform,
      nativePromise: async (...given: unknown[]) => given,
      addListener: () => "id",
    },
  });

  test("is found where Capacitor has put it, and in no browser", async () => {
    expect(findBridge({})).toBeUndefined();
    expect(findBridge({ Capacitor: {} })).toBeUndefined();
    expect(findBridge(native("web"))).toBeUndefined();
    const bridge = findBridge(native("ios"));
    expect(bridge?.platform).toBe("ios");
    expect(await bridge?.call<unknown>("App", "getInfo")).toEqual(["App", "getInfo", {}]);
  });
});

describe("the safe", () => {
  test("keeps the session, and everything else stays where it was", async () => {
    const bridge = fakeBridge();
    const vault = openVault(bridge);
    const outside = memoryKeep();
    const keep = secretKeep(outside, vault, "damso.session", undefined);
    keep.set("damso.language", "ko");
    keep.set("damso.session", "refresh token 1");
    keep.set("damso.session", "refresh token 2");
    expect(keep.get("damso.session")).toBe("refresh token 2");
    expect(outside.get("damso.session")).toBeUndefined();
    expect(outside.get("damso.language")).toBe("ko");
    await vault.write("other", "x");
    expect(bridge.safe.get("damso.damso.session")).toBe("refresh token 2");
    expect(await openVault(bridge).read("damso.session")).toBe("refresh token 2");
    keep.remove("damso.session");
    await vault.write("other", undefined);
    expect([...bridge.safe]).toEqual([]);
  });

  test("gives what it had at the start, and asks for nothing that leaves the device", () => {
    const bridge = fakeBridge("ios");
    const keep = secretKeep(memoryKeep(), openVault(bridge), "damso.session", "kept");
    expect(keep.get("damso.session")).toBe("kept");
    keep.set("damso.session", "next");
    return openVault(bridge)
      .write("x", "y")
      .then(() =>
        expect(bridge.calls.map(({ options }) => options)).toContainEqual({
          prefixedKey: "damso.damso.session",
          sync: false,
          data: "next",
          access: 3,
        }),
      );
  });

  test("that refuses a write loses that one only", async () => {
    const bridge = fakeBridge();
    const vault = openVault(bridge);
    bridge.answers.set("SecureStorage.internalSetItem", new Error("full"));
    const refused = await vault.write("a", "1").then(
      () => "written",
      () => "refused",
    );
    bridge.answers.delete("SecureStorage.internalSetItem");
    await vault.write("a", "2");
    expect([refused, await vault.read("a")]).toEqual(["refused", "2"]);
  });
});

describe("pushes", () => {
  test("[D22] Android is reached by FCM, with the channels that the server names", async () => {
    const bridge = fakeBridge();
    const push = await openPush(bridge, NAMES, () => {});
    const channels = bridge.calls.filter(({ name }) => name === "PushNotifications.createChannel");
    expect(channels.map(({ options }) => options)).toMatchObject([
      { id: "messages", name: "Messages" },
      { id: "quiet", name: "Quiet", vibration: false },
    ]);
    expect(push.permission.value).toBe("default");
    await push.askPermission();
    expect(push.permission.value).toBe("granted");
    const asked = push.subscribe("no key is needed");
    const again = push.subscribe("nor here");
    await Promise.resolve();
    bridge.send("PushNotifications.registration", { value: "token-1" });
    expect(await asked).toEqual({ kind: "fcm", token: "token-1" });
    expect(await again).toEqual({ kind: "fcm", token: "token-1" });
    await push.unsubscribe();
    // Whoever finds the phone after a log-out reads nothing of before.
    expect(bridge.calls.slice(-2).map(({ name }) => name)).toEqual([
      "PushNotifications.unregister",
      "PushNotifications.removeAllDeliveredNotifications",
    ]);
  });

  test("[D22] iOS is reached by APNs, under the name of the app", async () => {
    const bridge = fakeBridge("ios");
    const push = await openPush(bridge, NAMES, () => {});
    const asked = push.subscribe("");
    await Promise.resolve();
    bridge.send("PushNotifications.registration", { value: "token-2" });
    expect(await asked).toEqual({ kind: "apns", token: "token-2", topic: "app.damso" });
    expect(bridge.calls.some(({ name }) => name.endsWith("createChannel"))).toBe(false);
  });

  test("a phone that cannot be reached says why, and may be asked again", async () => {
    const bridge = fakeBridge();
    const push = await openPush(bridge, NAMES, () => {});
    const asked = push.subscribe("").then(
      () => "reached",
      (error: Error) => error.message,
    );
    await Promise.resolve();
    bridge.send("PushNotifications.registrationError", { error: "no Play services" });
    expect(await asked).toBe("no Play services");
    const again = push.subscribe("");
    await Promise.resolve();
    bridge.send("PushNotifications.registration", { value: "token-3" });
    expect(await again).toMatchObject({ token: "token-3" });
  });

  test("[D22] a token that the store's service replaces while the app runs is told", async () => {
    const bridge = fakeBridge();
    const push = await openPush(bridge, NAMES, () => {});
    let moved = 0;
    push.onMoved?.(() => void moved++);
    const asked = push.subscribe("");
    await Promise.resolve();
    for (const value of ["token-1", "token-1", "token-2"])
      bridge.send("PushNotifications.registration", { value });
    expect([await asked, moved]).toEqual([{ kind: "fcm", token: "token-1" }, 1]);
  });

  test("[N9] what was read elsewhere is taken away on Android too", async () => {
    const bridge = fakeBridge();
    const shown = [
      { id: "1", tag: "g1" },
      { id: "2", tag: "g2" },
    ];
    bridge.answers.set("PushNotifications.getDeliveredNotifications", { notifications: shown });
    await openPush(bridge, NAMES, () => {});
    const receive = (data: object): void =>
      bridge.send("PushNotifications.pushNotificationReceived", { data });
    receive({ kind: "message", channel: "g2" });
    receive({ kind: "read", channel: "g1" });
    receive({ kind: "read", channel: "g9" });
    await Bun.sleep(0);
    const removed = bridge.calls.filter(({ name }) =>
      name.endsWith("removeDeliveredNotifications"),
    );
    expect(removed.map(({ options }) => options)).toEqual([{ notifications: [shown[0]] }]);
  });

  test("[N9] what is read in the app is taken away, of both kinds of phones", async () => {
    for (const [platform, shown] of [
      ["android", [{ id: "1", tag: "g1" }, { id: "2", tag: "g2" }, { id: "3" }]],
      [
        "ios",
        [
          { id: "1", data: { channel: "g1", seq: 7 } },
          { id: "2", data: { channel: "g1", seq: 8 } },
          { id: "3", data: {} },
        ],
      ],
    ] as const) {
      const bridge = fakeBridge(platform);
      bridge.answers.set("PushNotifications.getDeliveredNotifications", { notifications: shown });
      const push = await openPush(bridge, NAMES, () => {});
      push.clear?.((channel, seq = 0) => channel === "g1" && seq <= 7);
      await Bun.sleep(0);
      const last = bridge.calls.at(-1);
      expect(last?.name).toBe("PushNotifications.removeDeliveredNotifications");
      expect(last?.options).toEqual({ notifications: [shown[0]] });
    }
  });

  test("a tap leads to the chat, and to the message where one is named", async () => {
    const bridge = fakeBridge();
    const went: unknown[] = [];
    await openPush(bridge, NAMES, (channel, seq) => went.push([channel, seq]));
    const tap = (data: object): void =>
      bridge.send("PushNotifications.pushNotificationActionPerformed", { notification: { data } });
    tap({ channel: "g1", seq: "7" });
    tap({ channel: "g2", seq: 8 });
    tap({ channel: "g3" });
    tap({ seq: "9" });
    tap({ channel: "", seq: "x" });
    expect(went).toEqual([
      ["g1", 7],
      ["g2", 8],
      ["g3", undefined],
    ]);
  });
});

describe("the address of a server", () => {
  const addresses: [string, string | undefined][] = [
    ["chat.example.org", "https://chat.example.org"],
    ["  https://Chat.example.org:8443/join?x#y ", "https://chat.example.org:8443"],
    ["http://localhost:8080", "http://localhost:8080"],
    ["http://chat.example.org", undefined],
    ["ftp://chat.example.org", undefined],
    ["javascript:alert(1)", undefined],
    ["", undefined],
    ["  ", undefined],
    ["not an address", undefined],
  ];
  test("is taken as people type it, and only where nobody listens in between", () => {
    for (const [typed, address] of addresses) expect(toAddress(typed)).toBe(address as string);
  });

  test("is one of ours when it answers as ours do", async () => {
    const at = (answer: () => Response) => async (): Promise<Response> => answer();
    const isOurs = (answer: () => Response): Promise<boolean> =>
      isDamso("https://a.example", at(answer));
    expect(await isOurs(() => Response.json({ servers: [] }))).toBe(true);
    expect(await isOurs(() => Response.json({ hello: 1 }))).toBe(false);
    expect(await isOurs(() => new Response("<html>"))).toBe(false);
    expect(await isOurs(() => Response.json({ servers: [] }, { status: 500 }))).toBe(false);
    const silent = await isDamso("https://a.example", () => Promise.reject(new Error("none")));
    expect(silent).toBe(false);
  });
});
