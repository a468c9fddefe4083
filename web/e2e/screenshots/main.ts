/**
 * `npm run screenshots [folder]`: pictures of the main views, on a desktop and a phone, light and dark, in Korean and
 * English. They are for looking at, and not kept: the folder is `screenshots/` unless another one is named.
 * `npm run screenshots -- readme` takes those alone that the README shows, and puts them where it looks for them.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "../browser.testing.ts";
import { findBrowser, launch, openPerson } from "../browser.testing.ts";
import { startServer } from "../server.ts";
import { PASSWORD, row } from "../steps.ts";
import { fillWorld, HER } from "./world.ts";

const root = join(import.meta.dir, "../../..");
/** What the README shows: a few, so that the repository stays small. */
const SHOWN = ["5-group.desktop.light.en", "4-chat.phone.dark.ko"];
const forReadme = process.argv[2] === "readme";
const folder = forReadme
  ? join(root, "docs/screenshots")
  : (process.argv[2] ?? join(root, "screenshots"));

const sizes = {
  desktop: { viewport: forReadme ? { width: 1024, height: 640 } : { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
} as const;
const schemes = ["light", "dark"] as const;
const languages = { en: "en-GB", ko: "ko-KR" } as const;

type Look = {
  size: keyof typeof sizes;
  scheme: (typeof schemes)[number];
  language: keyof typeof languages;
};

const all: Look[] = (Object.keys(sizes) as Look["size"][]).flatMap((size) =>
  schemes.flatMap((scheme) =>
    (Object.keys(languages) as Look["language"][]).map((language) => ({ size, scheme, language })),
  ),
);

const nameOf = (view: string, { size, scheme, language }: Look): string =>
  `${view}.${size}.${scheme}.${language}`;
const isWanted = (name: string): boolean => !forReadme || SHOWN.includes(name);
const looks = all.filter((look) => !forReadme || SHOWN.some((it) => it.endsWith(nameOf("", look))));

type Shoot = (view: string) => Promise<void>;

async function takeAll(browser: Browser, url: string, look: Look): Promise<void> {
  const { size, scheme, language } = look;
  const person = await openPerson(browser, console.error, {
    ...sizes[size],
    colorScheme: scheme,
    locale: languages[language],
    reducedMotion: "reduce",
  });
  const { page } = person;
  const shoot: Shoot = async (view) => {
    const name = nameOf(view, look);
    if (!isWanted(name)) return;
    // A transition or a part that is being loaded is not what one wants to see.
    await page.waitForTimeout(600);
    await page.screenshot({ path: join(folder, `${name}.png`) });
  };
  await takeDoors(page, url, shoot);
  await takeChats(page, shoot);
  await person.context.setOffline(true);
  await shoot("6-offline");
  await person.close();
}

async function takeDoors(page: Page, url: string, shoot: Shoot): Promise<void> {
  await page.goto(url);
  await page.locator(".card").waitFor();
  await shoot("1-welcome");
  await page.locator(".pair button").last().click();
  await page.locator("input").first().fill(HER);
  await shoot("2-log-in");
  await page.locator('input[type="password"]').fill(PASSWORD);
  await page.locator('input[type="password"]').press("Enter");
  await row(page, "지우").first().waitFor();
}

async function takeChats(page: Page, shoot: Shoot): Promise<void> {
  await shoot("3-list");
  await row(page, "지우").last().click();
  await page.locator(".message").first().waitFor();
  await shoot("4-chat");
  await page.goto(page.url().split("#")[0] ?? "");
  await row(page, "주말 등산 모임").first().click();
  await page.locator(".message").first().waitFor();
  await shoot("5-group");
}

const path = findBrowser();
if (path === undefined) {
  console.log("skipped: no Chromium or Chrome on this machine");
} else {
  await mkdir(folder, { recursive: true });
  const [server, browser] = await Promise.all([startServer(), launch(path)]);
  const world = await fillWorld(server.url);
  try {
    for (const look of looks) await takeAll(browser, server.url, look);
    console.log(`${folder}: ${looks.length} looks of each view`);
  } finally {
    await world.stop();
    await browser.close();
    await server.stop();
  }
}
