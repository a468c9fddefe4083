import { expect, test } from "bun:test";
import type { HttpResponse } from "../environment.ts";
import { discover } from "./discovery.ts";

const check = (title: string, server: string, answer: HttpResponse | Error, urls: string[]): void =>
  test(title, async () => {
    const fetch = async (): Promise<HttpResponse> => {
      if (answer instanceof Error) throw answer;
      return answer;
    };
    expect(await discover({ fetch }, server)).toEqual(urls);
  });

const servers = (...urls: string[]): HttpResponse => ({
  status: 200,
  body: { servers: urls.map((url) => ({ url, region: "" })) },
});

check("the servers come first, the base URL last", "http://a", servers("http://b", "http://c/"), [
  "ws://b/v1/socket",
  "ws://c/v1/socket",
  "ws://a/v1/socket",
]);
check("a server is tried once", "http://a/", servers("http://a"), ["ws://a/v1/socket"]);
check("no list is no obstacle", "http://a", new Error("down"), ["ws://a/v1/socket"]);
check("nor is an answer that is no list", "http://a", { status: 200, body: "<html>" }, [
  "ws://a/v1/socket",
]);
check("a token does not leave https", "https://a", servers("http://b", "https://c"), [
  "wss://c/v1/socket",
  "wss://a/v1/socket",
]);
check("at most three", "http://a", servers("http://1", "http://2", "http://3", "http://4"), [
  "ws://1/v1/socket",
  "ws://2/v1/socket",
  "ws://3/v1/socket",
  "ws://a/v1/socket",
]);
