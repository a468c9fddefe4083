/**
 * Servers with certificates of a test's own, and a process that trusts one authority more: whom a process trusts is settled
 * when it starts.
 */
import { afterAll } from "bun:test";
import { makeCertificates } from "@damso/tools/services/services";
import type { Certificates, Control } from "@damso/tools/services/services";

type Own = Omit<Certificates, "remove"> & {
  /** The server ends with the tests of the file. */
  until<T extends Pick<Control, "stop">>(server: T): T;
};

/** Certificates that are gone, with the servers that have them, after the tests of the file. */
export async function useCertificates(): Promise<Own> {
  const { remove, ...certificates } = await makeCertificates();
  const ending: Pick<Control, "stop">[] = [];
  afterAll(async () => {
    await Promise.all(ending.map(({ stop }) => stop()));
    remove();
  }, 60_000);
  return {
    ...certificates,
    until(server) {
      ending.push(server);
      return server;
    },
  };
}

/** What a program prints that stands in `folder` and trusts the authority of this PEM file, and what goes wrong with it. */
export async function runTrusting(ca: string, folder: string, program: string): Promise<string> {
  const child = Bun.spawn([process.execPath, "-e", program], {
    cwd: folder,
    env: { ...process.env, NODE_EXTRA_CA_CERTS: ca },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return out + err;
}
