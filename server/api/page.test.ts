import { describe, expect, test } from "bun:test";
import { pagePath } from "./page.ts";
import { createScene, HOST } from "./scene.testing.ts";

const FILES: Record<string, { body: string; type: string; etag: string }> = {
  "/index.html": { body: "<!doctype html>", type: "text/html; charset=utf-8", etag: '"1"' },
  "/assets/app.js": { body: "let a;", type: "text/javascript; charset=utf-8", etag: '"2"' },
};

const LOST = { type: "text/html; charset=utf-8", etag: '"3"' };
FILES["/not-found.en"] = { ...LOST, body: "Nothing is here" };
FILES["/not-found.ko"] = { ...LOST, body: "아무것도 없어요" };

const asked: string[] = [];
const scene = createScene({
  page: (path) => {
    asked.push(path);
    return FILES[path];
  },
});
const get = (path: string, headers: Record<string, string> = {}) =>
  scene.call("GET", path, { headers });

describe("the page", () => {
  test("is at / and under its names, with its types", async () => {
    const root = await get("/");
    expect(root.body).toEqual({ text: "<!doctype html>" });
    expect(root.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect((await get("/assets/app.js?v=1")).body).toEqual({ text: "let a;" });
  });

  test("loads from its own host only, and says what it is", async () => {
    const { headers } = await get("/", { host: HOST });
    const policy = headers.get("content-security-policy");
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain(`connect-src 'self' ws://${HOST} wss://${HOST};`);
    expect(policy).not.toContain("unsafe");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
  });

  test("a host that is none does not get into the policy", async () => {
    const { headers } = await get("/", { host: "a; script-src *" });
    expect(headers.get("content-security-policy")).not.toContain("script-src");
  });

  test("is not sent again to who has it", async () => {
    for (const tags of ['"1"', 'W/"1"', '"0", "1"', "*"]) {
      const { status, body } = await get("/", { "if-none-match": tags });
      expect([status, body["text"]]).toEqual([304, ""]);
    }
    expect((await get("/", { "if-none-match": '"0"' })).status).toBe(200);
  });

  test("what is not there is not_found, in the API's way", async () => {
    const { status, body } = await get("/nothing.js");
    expect([status, body["code"]]).toEqual([404, "not_found"]);
  });

  test("[P18] who comes with a browser to an address that leads nowhere reads so in a known language", async () => {
    const visit = (languages = "") =>
      scene.api.fetch(
        new Request(`http://${HOST}/nowhere`, {
          headers: { accept: "text/html,*/*;q=0.8", "accept-language": languages },
        }),
      );
    const english = await visit("de, en-GB;q=0.8, ko;q=0.2");
    expect([english.status, await english.text()]).toEqual([404, "Nothing is here"]);
    expect(english.headers.get("content-language")).toBe("en");
    expect(english.headers.get("content-security-policy")).toContain("default-src 'self'");
    expect(english.headers.get("vary")).toBe("accept, accept-language");
    const wishes: [string, string][] = [
      ["", "en"],
      ["ko-KR,ko;q=0.9,en;q=0.8", "ko"],
      ["en;q=0.5, ko", "ko"],
      ["ko;q=0", "en"],
    ];
    for (const [languages, language] of wishes) {
      expect((await visit(languages)).headers.get("content-language")).toBe(language);
    }
  });

  test("[P18] a path of the API that is not there is refused in its way, to browsers too", async () => {
    const { status, body } = await get("/v1/nowhere", { accept: "text/html" });
    expect([status, body["code"]]).toEqual([404, "not_found"]);
  });

  test("no path leads out of it", async () => {
    asked.length = 0;
    const paths = [
      "/../secret",
      "/assets/../../secret",
      "/%2e%2e/secret",
      "/..%2fsecret",
      "/assets/%2e%2e%2f%2e%2e%2fsecret",
      "/..%5csecret",
      "/.env",
      "/assets/.git/config",
      "//secret",
      "/a%00.js",
      "/%",
    ];
    for (const path of paths) expect((await get(path)).status).toBe(404);
    // What the URL itself had resolved is asked for by its plain name.
    expect(new Set(asked)).toEqual(new Set(["/secret"]));
  });

  test("names are plain", () => {
    const names: [string, string | undefined][] = [
      ["/", "/index.html"],
      ["/a/", "/a/index.html"],
      ["/a-b/c_d.min.js", "/a-b/c_d.min.js"],
      ["", undefined],
      ["a.js", undefined],
      ["/a//b", undefined],
      ["/a/../b", undefined],
      ["/a\\b", undefined],
      ["/한", undefined],
    ];
    for (const [path, name] of names) expect(pagePath(path)).toBe(name as string);
  });
});
