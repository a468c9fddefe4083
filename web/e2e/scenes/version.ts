/** The page as something that is installed, gets new versions, and runs nothing but its own code. */
import type { Stage } from "../page.browser.ts";
import { covered, eventually, field, installed, say, signUp, talkTo } from "../steps.ts";

export async function newVersion(stage: Stage): Promise<void> {
  const front = frontOf(stage.url);
  try {
    const { page } = await stage.person();
    await page.goto(front.url);
    await page.getByRole("link", { name: "Try it" }).waitFor();
    await installed(page);
    front.change();
    await page.evaluate(async () => (await navigator.serviceWorker.ready).update());
    await page.getByText("A new version is here.").waitFor();
    const loaded = page.waitForEvent("load");
    await page.getByRole("button", { name: "Reload" }).click();
    await loaded;
    await eventually("the new version is shown", "Damso, new", () => page.title());
    await eventually("and nothing more is said", 0, () => page.locator(".update").count());
  } finally {
    await front.stop();
  }
}

/** Wherever one is, the news of a version stands beside what one reads and taps. */
export async function newVersionInChat(stage: Stage): Promise<void> {
  for (const phone of [false, true]) {
    const { page } = await stage.person({ phone });
    const username = `ann-${crypto.randomUUID().slice(0, 8)}`;
    await signUp(page, stage.url, username, "Ann");
    await installed(page);
    await page.reload();
    await talkTo(page, username);
    await field(page).fill("what I read last");
    await page.getByRole("button", { name: "Send" }).click();
    // As when another tab has put a new version in use.
    await page.evaluate(() => navigator.serviceWorker.dispatchEvent(new Event("controllerchange")));
    await page.getByText("A new version is here.").waitFor();
    await eventually("nothing is covered", [], () => covered(page));
    await page.getByRole("button", { name: "Not now" }).click();
    await eventually("put off, it goes", 0, () => page.locator(".update").count());
  }
}

/** The page's files, with another version of them from the moment that is asked for. */
function frontOf(url: string): { url: string; change: () => void; stop: () => Promise<void> } {
  let changed = false;
  const server = Bun.serve({
    port: 0,
    hostname: "localhost",
    fetch: async (request) => {
      const path = new URL(request.url).pathname;
      const answer = await fetch(url + path);
      const type = answer.headers.get("content-type") ?? "";
      let body = await answer.text();
      if (changed && path === "/worker.js") body = body.replaceAll('version:"', 'version:"new-');
      if (changed && path === "/") body = body.replace("<title>Damso", "<title>Damso, new");
      return new Response(body, { status: answer.status, headers: { "content-type": type } });
    },
  });
  return {
    url: `http://localhost:${server.port}`,
    change: () => {
      changed = true;
    },
    stop: () => server.stop(true),
  };
}

export async function policy(stage: Stage): Promise<void> {
  const { page } = await stage.person();
  stage.expectProblem(/Content Security Policy/);
  await page.goto(stage.url);
  const refused = await page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        document.addEventListener("securitypolicyviolation", (event) =>
          resolve(event.effectiveDirective),
        );
        const script = document.createElement("script");
        script.textContent = "document.title = 'taken over'";
        document.head.append(script);
      }),
  );
  if (!refused.startsWith("script-src")) throw new Error(`${refused} was refused`);
  await eventually("it did not run", "Damso", () => page.title());
}

export async function offers(stage: Stage): Promise<void> {
  const tag = crypto.randomUUID().slice(0, 8);
  const { page } = await stage.person();
  await signUp(page, stage.url, `ann-${tag}`, "Ann");
  await page.evaluate(() => {
    const offer = Object.assign(new Event("beforeinstallprompt"), { prompt: async () => {} });
    dispatchEvent(offer);
  });
  await eventually("nothing is offered yet", 0, () => page.locator(".offer").count());
  await talkTo(page, `ann-${tag}`);
  await say(page, "a note");
  await page.getByText("Keep Damso at hand").waitFor();
  await page.getByRole("button", { name: "Not now" }).click();
  await eventually("declined, it goes", 0, () => page.locator(".offer").count());
}
