/** Where a Chromium is that the scenes of the page can be played in. */
import { existsSync } from "node:fs";

const places = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];
const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The path of a Chromium or Chrome of this machine. */
export function findBrowser(): string | undefined {
  const onPath = names.map((name) => Bun.which(name)).find((path) => path !== null);
  return onPath ?? places.find((path) => existsSync(path));
}
