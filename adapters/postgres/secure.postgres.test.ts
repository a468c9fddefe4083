/** A server with TLS: `sslmode=verify-full` is what verifies its certificate. */
import { expect, test } from "bun:test";
import { rejection } from "@damso/contracts/rejection";
import { postgresNode, postgresServer } from "@damso/tools/services/services";
import { runTrusting, useCertificates } from "../outbound/trusting.testing.ts";
import { openPostgresAccounts } from "./open.ts";

const START_MS = 120_000;
const { ca, stranger, server, elsewhere, until } = await useCertificates();

async function start(signed: typeof server): Promise<string> {
  return `${until(await postgresNode({ tls: signed })).url}?sslmode=verify-full`;
}

/** What a process says that trusts this authority too. */
function openTrusting(authority: string, url: string): Promise<string> {
  const program = `const { openPostgresAccounts } = await import("./open.ts");
    await (await openPostgresAccounts({ url: ${JSON.stringify(url)} }, 1)).close();
    console.log("opened");`;
  return runTrusting(authority, import.meta.dir, program);
}

test(
  "a server with a certificate of a trusted authority is spoken to; one that nobody vouches for is refused",
  async () => {
    const url = await start(server);
    expect(await openTrusting(ca, url)).toBe("opened\n");
    expect(await openTrusting(stranger, url)).toContain("unable to verify");
    expect(await rejection(openPostgresAccounts({ url }, 1))).toMatchObject({
      code: "certificate",
      message: expect.stringContaining("TLS with PostgreSQL at 127.0.0.1"),
    });
  },
  START_MS,
);

test(
  "a certificate for another host is refused",
  async () => {
    expect(await openTrusting(ca, await start(elsewhere))).toContain("altnames");
  },
  START_MS,
);

test(
  "a server that has no TLS is refused",
  async () => {
    const { url, stop } = await postgresServer();
    const refused = await rejection(openPostgresAccounts({ url: `${url}?sslmode=verify-full` }, 1));
    await stop();
    expect(refused).toMatchObject({ code: "unreachable" });
  },
  START_MS,
);
