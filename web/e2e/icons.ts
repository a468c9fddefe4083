/**
 * `npm run icons`: draws the app's icons from `web/static/favicon.svg` with the Chromium of the machine. They are kept
 * in git, so that nobody needs a browser to start a server; run this after changing the drawing.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { findBrowser, launch } from "./browser.testing.ts";

const folder = join(import.meta.dir, "../static");
const GROUND = "#f6f3ee";

/** `logo` is the width of the drawing and `corner` the radius of the ground, as parts of the icon's width. */
type Icon = { file: string; pixels: number; logo: number; corner: number; ground: string };

const icons: readonly Icon[] = [
  { file: "icon-192.png", pixels: 192, logo: 0.72, corner: 0.22, ground: GROUND },
  { file: "icon-512.png", pixels: 512, logo: 0.72, corner: 0.22, ground: GROUND },
  // Systems cut their own shape out of these: the drawing stays in the circle that none of them cuts.
  { file: "icon-maskable-512.png", pixels: 512, logo: 0.54, corner: 0, ground: GROUND },
  { file: "apple-touch-icon.png", pixels: 180, logo: 0.66, corner: 0, ground: GROUND },
];

/** Status bars show the shape alone. */
const BADGE: Icon = {
  file: "icon-badge-96.png",
  pixels: 96,
  logo: 0.92,
  corner: 0,
  ground: "transparent",
};

function pageOf({ pixels, logo, corner, ground }: Icon, drawing: string): string {
  const style = `margin:0;width:${pixels}px;height:${pixels}px;display:grid;place-items:center;
    background:${ground};border-radius:${pixels * corner}px`;
  return `<html style="background:transparent"><body style="${style}">
    <div style="width:${pixels * logo}px;line-height:0">${drawing}</div></body></html>`;
}

const path = findBrowser();
if (path === undefined) throw new Error("no Chromium or Chrome on this machine");
const drawing = await readFile(join(folder, "favicon.svg"), "utf8");
const shape = drawing
  .replace(/fill="#(2f6b57|e39a5b)"/g, 'fill="#fff"')
  .replace(/<circle.*?\/>/g, "");
const browser = await launch(path);
const page = await browser.newPage();
for (const icon of [...icons, BADGE]) {
  const { pixels: width, file } = icon;
  await page.setViewportSize({ width, height: width });
  await page.setContent(pageOf(icon, icon === BADGE ? shape : drawing));
  await page.screenshot({ path: join(folder, file), omitBackground: true });
  console.log(`web/static/${file}`);
}
await browser.close();
