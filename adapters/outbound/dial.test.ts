import { afterAll, beforeAll, expect, test } from "bun:test";
import { createServer } from "node:https";
import type { Server } from "node:https";
import type { AddressInfo } from "node:net";
import { rejection } from "@damso/contracts/rejection";
import { CERTIFICATE, PRIVATE_KEY } from "./certificate.testing.ts";
import { createPost, malformed } from "./dial.ts";
import type { Post } from "./dial.ts";

const seen: { name: unknown; host: string | undefined; method: string | undefined }[] = [];
let server: Server;
let port = 0;
/** Waits for the end of the test before it answers `/slow`. */
const { promise: ended, resolve: end } = Promise.withResolvers<void>();

beforeAll(async () => {
  server = createServer({ key: PRIVATE_KEY, cert: CERTIFICATE }, (request, response) => {
    const { servername } = request.socket as unknown as { servername: unknown };
    seen.push({ name: servername, host: request.headers.host, method: request.method });
    const path = request.url ?? "";
    if (path === "/moved")
      response.writeHead(307, { location: "https://push.example/there" }).end();
    else if (path === "/long") response.writeHead(201).end("x".repeat(1_000_000));
    else if (path === "/slow") void ended.then(() => response.end());
    else response.writeHead(201, { "retry-after": "7" }).end("taken");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => {
  end();
  server.closeAllConnections();
  server.close();
});

/** A network in which the name has these addresses, and every address is the server of this file. */
function network(addresses: string[], dialled: string[] = [], down: string[] = []): Post {
  return createPost({
    lookup: async () => addresses,
    timeout_ms: 500,
    reach(url, init) {
      const { hostname, pathname } = new URL(url);
      dialled.push(hostname);
      if (down.includes(hostname))
        return Promise.reject(Object.assign(new Error("refused"), { code: "ConnectionRefused" }));
      const tls = { ...init.tls, ca: CERTIFICATE };
      return fetch(`https://127.0.0.1:${port}${pathname}`, { ...init, tls });
    },
  });
}

const message = { headers: { ttl: "60" }, body: "sealed" };
const codeOf = async (work: Promise<unknown>): Promise<unknown> =>
  ((await rejection(work)) as { code?: unknown }).code;

test("[N4] dials the address that was looked up, as the name, and reads the answer", async () => {
  const dialled: string[] = [];
  const reply = await network(["8.8.8.8"], dialled)("https://push.example/a", message);
  expect([reply.status, reply.body, reply.headers.get("retry-after")]).toEqual([201, "taken", "7"]);
  expect(dialled).toEqual(["8.8.8.8"]);
  expect(seen.at(-1)).toMatchObject({ name: "push.example", host: "push.example", method: "POST" });
});

test("[N4] an address that is not public is not dialled, whatever the name", async () => {
  const dialled: string[] = [];
  for (const address of ["127.0.0.1", "169.254.169.254", "::ffff:10.0.0.1", "fd00::1"])
    expect(await codeOf(network([address], dialled)("https://push.example/a", message))).toBe(
      "address",
    );
  expect(dialled).toEqual([]);
  await network(["10.0.0.1", "8.8.4.4"], dialled)("https://push.example/a", message);
  expect(dialled).toEqual(["8.8.4.4"]);
});

test("[N4] the name is asked for once, so no second answer leads elsewhere", async () => {
  const answers = [["8.8.8.8"], ["127.0.0.1"]];
  const dialled: string[] = [];
  const post = createPost({
    lookup: async () => answers.shift() ?? [],
    reach: async (url) => {
      dialled.push(new URL(url).hostname);
      return new Response(null, { status: 201 });
    },
  });
  await post("https://push.example/a", message);
  expect(answers).toHaveLength(1);
  expect(await codeOf(post("https://push.example/c", message))).toBe("address");
  expect(dialled).toEqual(["8.8.8.8"]);
});

test("[N4] only https on 443, by name, without a password", async () => {
  const bad = [
    "http://push.example/a",
    "https://push.example:8443/a",
    "https://user:word@push.example/a",
    "https://8.8.8.8/a",
    "https://[2606:4700::1]/a",
    "https://2130706433/a",
    "ftp://push.example/a",
  ];
  const dialled: string[] = [];
  for (const url of bad) {
    expect(malformed(url, false)).toBeString();
    expect(await codeOf(network(["8.8.8.8"], dialled)(url, message))).toBe("address");
  }
  expect(dialled).toEqual([]);
  expect(malformed("https://push.example:443/a", false)).toBeUndefined();
});

test("[N4] the certificate has to be the name's", async () => {
  expect(await codeOf(network(["8.8.8.8"])("https://other.example/a", message))).toBe("network");
});

test("[N4] redirects are not followed, and of a long answer the beginning is read", async () => {
  const dialled: string[] = [];
  const post = network(["8.8.8.8"], dialled);
  expect((await post("https://push.example/moved", message)).status).toBe(307);
  expect(dialled).toHaveLength(1);
  expect((await post("https://push.example/long", message)).body).toHaveLength(16 * 1024);
});

test("[N12] what does not answer in time fails, a name server that hangs too", async () => {
  expect(await codeOf(network(["8.8.8.8"])("https://push.example/slow", message))).toBe("timeout");
  const hanging = createPost({ lookup: () => new Promise(() => {}), timeout_ms: 50 });
  expect(await codeOf(hanging("https://push.example/a", message))).toBe("timeout");
  const unknown = createPost({ lookup: () => Promise.reject(new Error("x")) });
  expect(await codeOf(unknown("https://push.example/a", message))).toBe("lookup");
});

test("[N4] of several addresses the next is tried when one is not reached, IPv4 first", async () => {
  const dialled: string[] = [];
  const post = network(["2606:4700::1", "8.8.8.8", "8.8.4.4"], dialled, ["8.8.8.8"]);
  expect((await post("https://push.example/a", message)).status).toBe(201);
  expect(dialled).toEqual(["8.8.8.8", "8.8.4.4"]);
});
