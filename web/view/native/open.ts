/** The app for phones: the same page, served from the device, with a server of its choice and the device's own services. */
import { signal } from "@preact/signals";
import type { Host } from "../../model/host.ts";
import "../first.ts";
import type { Keep } from "../../model/keep.ts";
import { pickLanguage } from "../../model/language.ts";
import { SESSION } from "../../model/signed-in.ts";
import { onSession, wipe } from "../host/wipe.ts";
import { keepingAcks } from "./acks.ts";
import type { Bridge } from "./bridge.ts";
import { chooseServer } from "./choose-server.tsx";
import { openPush } from "./push.ts";
import type { Vault } from "./vault.ts";
import { openVault, secretKeep } from "./vault.ts";
import type { Fetch } from "./server-address.ts";
import type { NativeWords } from "./words.ts";
import { NATIVE_WORDS } from "./words.ts";

/** What the page uses in place of what the browser offers. */
export type Shell = {
  server: string;
  host: Host;
  /** With the session in the device's safe. */
  keep: (keep: Keep) => Keep;
  /** What its client says goes through here. */
  between: typeof keepingAcks;
};

const SERVER = "server";

/** `root` is drawn in when there is a question; `place` is the page's own address. */
export async function openShell(
  bridge: Bridge,
  root: Element,
  place: Pick<Location, "search" | "reload">,
): Promise<Shell> {
  const words = NATIVE_WORDS[pickLanguage(navigator.languages)];
  const vault = openVault(bridge);
  const [before, session] = await Promise.all([vault.read(SERVER), vault.read(SESSION)]);
  // Who is signed in, or looks at the demo, is not asked; who is not may have come to another server.
  const isSettled = session !== undefined || place.search !== "";
  const server =
    before !== undefined && isSettled ? before : await askForServer(root, vault, words, before);
  leadBack(bridge);
  shareNatively(bridge);
  const wanted = signal("");
  const go = (channel: string, seq: number | undefined): void => {
    if (seq === undefined) wanted.value = channel;
    else location.hash = `${channel}/${seq}`;
  };
  const push = await openPush(bridge, words.notifications, go);
  const leave = async (): Promise<void> => {
    await vault.write(SESSION, undefined);
    await wipe();
    // What was kept is gone; then the choice of a server stands open again.
    setTimeout(() => place.reload());
  };
  return {
    server,
    host: { ...standing, ...push, wanted, setBadge: badge(bridge), wipe: leave },
    keep: (keep) => secretKeep(keep, vault, SESSION, session),
    between: keepingAcks,
  };
}

async function askForServer(
  root: Element,
  vault: Vault,
  words: NativeWords,
  before: string | undefined,
): Promise<string> {
  const ask: Fetch = (url, init) => fetch(url, init);
  const server = await chooseServer(root, { words, before: before ?? "", fetch: ask });
  if (server !== before) await vault.write(SERVER, server);
  return server;
}

/** The store brings new versions, and it is installed; there is one page. */
const standing: Pick<Host, "update" | "useUpdate" | "install" | "installNow" | "onSession"> = {
  update: signal(false),
  useUpdate: () => {},
  install: signal("done"),
  installNow: async () => {},
  onSession,
};

function badge(bridge: Bridge): Host["setBadge"] {
  return (count) => {
    const done = count > 0 ? bridge.call("Badge", "set", { count }) : bridge.call("Badge", "clear");
    // Some launchers show none.
    done.catch(() => undefined);
  };
}

/** Android's back button closes what lies over the page, as the browser's does; on the first screen the app steps back. */
function leadBack(bridge: Bridge): void {
  if (bridge.platform !== "android") return;
  bridge.listen<{ canGoBack: boolean }>("App", "backButton", ({ canGoBack }) => {
    if (canGoBack) history.back();
    else void bridge.call("App", "minimizeApp");
  });
}

/** Where the device's page has no share sheet of its own, as on Android, the shell's takes its place. */
function shareNatively(bridge: Bridge): void {
  if ("share" in navigator) return;
  const share = async ({ title, text, url }: ShareData = {}): Promise<void> => {
    await bridge.call("Share", "share", { title, text, url });
  };
  Object.defineProperty(navigator, "share", { value: share });
}
