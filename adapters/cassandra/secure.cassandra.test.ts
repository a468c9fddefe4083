/** A node that takes clients inside TLS only, and only those that show a certificate. */
import { afterAll, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:tls";
import type { PeerCertificate } from "node:tls";
import { rejection } from "@damso/contracts/rejection";
import { cassandraNodes, cassandraServer, makeCertificates } from "@damso/tools/services/services";
import { tlsOptions } from "./secure.ts";
import type { Secure } from "./secure.ts";
import { openSession } from "./session.ts";
import type { SessionOptions } from "./session.ts";

const certificates = await makeCertificates();
const { ca, stranger, client, elsewhere } = certificates;
const node = await cassandraNodes(1, { tls: certificates });
const base = { hosts: node.hosts, port: node.port, data_center: node.datacenter };
const trusted: Secure = { ca, ...client };

afterAll(async () => {
  await node.stop();
  certificates.remove();
}, 60_000);

async function answers(options: SessionOptions): Promise<boolean> {
  const session = await openSession(options);
  const rows = await session.run({ query: "SELECT key FROM system.local", params: [] });
  await session.close();
  return rows.length === 1;
}

async function refused(tls: Secure | undefined, code: string, words: string): Promise<void> {
  const failed = await rejection(openSession({ ...base, ...(tls && { tls }) }));
  expect(failed).toMatchObject({ code, message: expect.stringContaining(words) });
}

test("a node whose certificate the given authority has signed is spoken to, by its address or its name", async () => {
  expect(await answers({ ...base, tls: trusted })).toBe(true);
  expect(await answers({ ...base, hosts: ["localhost"], tls: trusted })).toBe(true);
});

test("a certificate by another authority, or by none that the machine trusts, is refused at the start", async () => {
  await refused({ ...trusted, ca: stranger }, "certificate", "unable to verify");
  await refused({ ...client }, "certificate", "unable to verify");
});

test("a certificate for another host is refused", async () => {
  const server = createServer({
    key: readFileSync(elsewhere.key),
    cert: readFileSync(elsewhere.cert),
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const failed = await rejection(openSession({ ...base, port, tls: trusted }));
  server.close();
  expect(failed).toMatchObject({ code: "certificate", message: expect.stringContaining("match") });
});

test("a certificate may be for the address that is dialled or for a name that the operator gave", () => {
  const { checkServerIdentity } = tlsOptions(trusted, ["c1.example", "c2.example"]);
  const isRight = (subjectaltname: string): boolean => {
    const shown = { subject: { CN: "any" }, subjectaltname } as PeerCertificate;
    return checkServerIdentity?.("10.0.0.7", shown) === undefined;
  };
  expect(isRight("IP Address:10.0.0.7")).toBe(true);
  expect(isRight("DNS:c2.example")).toBe(true);
  expect(isRight("IP Address:10.0.0.8, DNS:c3.other")).toBe(false);
});

test("who shows no certificate to a node that asks for one is told so", async () => {
  await refused({ ca }, "certificate", "CERTIFICATE_REQUIRED");
});

test("without TLS a node that takes nothing else is not reached, and the message says what may be missing", async () => {
  await refused(undefined, "unreachable", "tls=on");
});

test("TLS to a node that has none fails, and nothing is said in the clear", async () => {
  const { hosts, port, stop } = await cassandraServer();
  const failed = await rejection(openSession({ ...base, hosts, port, tls: trusted }));
  await stop();
  expect(failed).toMatchObject({
    code: "certificate",
    message: expect.stringContaining("WRONG_VERSION"),
  });
}, 240_000);

test("a file that cannot be read is named", async () => {
  await refused({ ca: "/nowhere/ca.pem" }, "certificate", "/nowhere/ca.pem");
});
