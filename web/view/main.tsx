/** The page's entry: gives the model the browser, and draws what it says. */
import { render } from "preact";
import { createApp } from "../model/app.ts";
import { App } from "./app.tsx";
import { drawByFrames } from "./frames.ts";
import { watchKeyboard } from "./keyboard.ts";
import { findBridge } from "./native/bridge.ts";
import { openWorld } from "./world.ts";

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
// The first screen stands before anything is waited for.
void app.start();
render(<App app={app} pane={world.place.name === "pane"} />, root);
