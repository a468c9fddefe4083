/** Servers that take clients inside TLS only: their certificates are verified, whatever the address says. */
import { expect, test } from "bun:test";
import { rejection } from "@damso/contracts/rejection";
import { natsNodes, natsServer } from "@damso/tools/services/services";
import { runTrusting, useCertificates } from "../outbound/trusting.testing.ts";
import { connectNats } from "./connect.ts";

const START_MS = 60_000;
const { ca, stranger, server, elsewhere, until } = await useCertificates();

async function start(signed: typeof server): Promise<string> {
  return until(await natsNodes(1, { tls: signed })).urls[0] ?? "";
}

const inTls = (url: string): string => url.replace("nats:", "tls:");

/** What a process says that trusts this authority too. */
function connectTrusting(authority: string, url: string): Promise<string> {
  const options = JSON.stringify({ servers: [url], name: "test" });
  const program = `const { closeNats, connectNats } = await import("./connect.ts");
    await closeNats(await connectNats(${options}));
    console.log("connected");`;
  return runTrusting(authority, import.meta.dir, program);
}

test(
  "a server with a certificate of a trusted authority is connected to, by either scheme",
  async () => {
    const url = await start(server);
    expect(await connectTrusting(ca, inTls(url))).toBe("connected\n");
    expect(await connectTrusting(ca, url)).toBe("connected\n");
    expect(await connectTrusting(stranger, url)).toContain("unable to verify");
  },
  START_MS,
);

test(
  "a certificate that nobody vouches for, or that is another host's, is refused and not tried again",
  async () => {
    const url = await start(elsewhere);
    for (const each of [url, inTls(url)]) {
      const refused = await rejection(connectNats({ servers: [each], name: "test" }));
      expect(refused).toMatchObject({ code: "certificate", retry: false });
    }
    expect(await connectTrusting(ca, url)).toContain("does not match certificate's altnames");
  },
  START_MS,
);

test(
  "tls:// to a server that has no TLS is refused, and nothing is said in the clear",
  async () => {
    const { urls, stop } = await natsServer();
    const servers = urls.map(inTls);
    const refused = await rejection(connectNats({ servers, name: "test" }));
    await stop();
    expect(refused).toMatchObject({
      code: "certificate",
      message: expect.stringContaining("does not support 'tls'"),
    });
  },
  START_MS,
);
