/**
 * A push service for browsers on this machine: takes what it is posted as RFC 8030 says, opens it with the keys of the
 * browser, and behaves as badly as a test wants.
 */
import { createBrowser } from "@damso/adapters/webpush/browser.testing";
import type { Browser } from "@damso/adapters/webpush/browser.testing";

export type Arrived = {
  /** The last part of the endpoint. */
  who: string;
  at: number;
  topic: string;
  urgency: string;
  push: PushJson;
  /** The same, as it was sent. */
  text: string;
};

export type PushJson = {
  web_push?: number;
  kind?: string;
  channel?: string;
  seq?: number;
  notification?: { title: string; body: string; tag: string; data: Record<string, unknown> };
  app_badge: number;
};

/** What comes of a POST: undefined takes it. */
export type Behaviour = (
  who: string,
  nth: number,
) => Response | Promise<Response | undefined> | undefined;

export type PushService = {
  /** What was taken, oldest first. */
  arrived: Arrived[];
  /** POSTs so far, taken or not. */
  posts: number;
  behave: Behaviour;
  /** A browser's subscription at this service. */
  subscribe(who: string): Browser["target"];
  of(who: string): Arrived[];
  stop(): Promise<void>;
};

export function startPushService(): PushService {
  const browsers = new Map<string, Browser>();
  const nth = new Map<string, number>();
  const http = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const who = new URL(request.url).pathname.slice(1);
      const sealed = await request.bytes();
      service.posts++;
      nth.set(who, (nth.get(who) ?? 0) + 1);
      const answer = await service.behave(who, nth.get(who) ?? 0);
      if (answer) return answer;
      const browser = browsers.get(who);
      if (!browser || !isSigned(request)) return new Response(null, { status: 404 });
      const text = browser.read(sealed);
      service.arrived.push({
        who,
        text,
        at: Date.now(),
        topic: request.headers.get("topic") ?? "",
        urgency: request.headers.get("urgency") ?? "",
        push: JSON.parse(text) as PushJson,
      });
      return new Response(null, { status: 201 });
    },
  });
  const service: PushService = {
    arrived: [],
    posts: 0,
    behave: () => undefined,
    subscribe(who) {
      const browser = createBrowser(`http://127.0.0.1:${http.port}/${who}`);
      browsers.set(who, browser);
      return browser.target;
    },
    of: (who) => service.arrived.filter((one) => one.who === who),
    stop: () => http.stop(true),
  };
  return service;
}

const isSigned = ({ headers }: Request): boolean =>
  headers.get("content-encoding") === "aes128gcm" &&
  Number(headers.get("ttl")) > 0 &&
  /^vapid t=[\w-]+\.[\w-]+\.[\w-]+, k=[\w-]{87}$/.test(headers.get("authorization") ?? "");
