/** The page's entry: gives the model the browser, and draws what it says. */
import { effect } from "@preact/signals";
import { render } from "preact";
import type { App as AppModel } from "../model/app.ts";
import { createApp } from "../model/app.ts";
import { App } from "./app.tsx";
import { drawByFrames } from "./frames.ts";
import { watchKeyboard } from "./keyboard.ts";
import { findBridge } from "./native/bridge.ts";
import { openWorld } from "./world.ts";

/** The first drawing is to have what is kept on this device, but is not to wait for a slow disk. */
const STORED_MS = 200;

const root = document.getElementById("app");
if (root === null) throw new Error("index.html has no #app");
// Of the app for phones, a browser loads nothing.
const bridge = findBridge(globalThis);
const shell =
  bridge && (await (await import("./native/open.ts")).openShell(bridge, root, location));
const world = await openWorld(shell);
const app = createApp(world);
watchKeyboard();
drawByFrames();
void app.start();
await stored(app);
render(<App app={app} pane={world.place.name === "pane"} />, root);

/** Resolves when there is something to draw. */
function stored({ screen }: AppModel): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, STORED_MS);
    effect(() => {
      const { value } = screen;
      if (value.name !== "home" || value.home.loaded.value) resolve();
    });
  });
}
