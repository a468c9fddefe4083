/** The page's entry: gives the model the browser, and draws what it says. */
import { render } from "preact";
import { createApp } from "../model/app.ts";
import { App } from "./app.tsx";
import { watchKeyboard } from "./keyboard.ts";
import { openWorld } from "./world.ts";

const world = openWorld();
const app = createApp(world);
const root = document.getElementById("app");
if (root === null) throw new Error("index.html has no #app");
watchKeyboard();
// The first screen stands before anything is waited for.
void app.start();
render(<App app={app} pane={world.place.name === "pane"} />, root);
