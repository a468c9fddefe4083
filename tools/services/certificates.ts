/** Certificates for a test, made when it begins: an authority, and what it and a stranger have signed. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findTool, run } from "./get/tool.ts";

/** Paths of PEM files. */
export type Signed = { cert: string; key: string };

export type Certificates = {
  /** Whom the test trusts, or not. */
  ca: string;
  /** Another authority, which has signed none of these. */
  stranger: string;
  /** For 127.0.0.1, 127.0.0.2, 127.0.0.3 and `localhost`. */
  server: Signed;
  /** For `elsewhere.example`, by the same authority. */
  elsewhere: Signed;
  client: Signed;
  remove(): void;
};

const DAYS = "2";
const LOOPBACK = "IP:127.0.0.1,IP:127.0.0.2,IP:127.0.0.3,DNS:localhost";

export async function makeCertificates(): Promise<Certificates> {
  const openssl = findTool("openssl", "it makes certificates", "install OpenSSL");
  const folder = mkdtempSync(join(tmpdir(), "damso-certificates-"));
  const call = (...words: string[]): Promise<string> => run([openssl, ...words], { cwd: folder });

  async function authority(name: string): Promise<string> {
    const files = ["-keyout", `${name}.key`, "-out", `${name}.pem`];
    await call("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", `/CN=${name}`, ...files);
    return join(folder, `${name}.pem`);
  }

  async function sign(name: string, names: string): Promise<Signed> {
    const files = ["-keyout", `${name}.key`, "-out", `${name}.csr`];
    await call("req", "-newkey", "rsa:2048", "-nodes", "-subj", `/CN=${name}`, ...files);
    writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${names}\n`);
    const by = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", DAYS];
    const what = ["-in", `${name}.csr`, "-extfile", `${name}.ext`, "-out", `${name}.pem`];
    await call("x509", "-req", ...what, ...by);
    return { cert: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
  }

  const ca = await authority("ca");
  return {
    ca,
    stranger: await authority("stranger"),
    server: await sign("server", LOOPBACK),
    elsewhere: await sign("elsewhere", "DNS:elsewhere.example"),
    client: await sign("client", "DNS:client.example"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** What a client of ours needs to speak to the server, as texts. */
export function textsOf({ ca, client }: Pick<Certificates, "ca" | "client">): {
  ca: string;
  cert: string;
  key: string;
} {
  const [trusted = "", cert = "", key = ""] = [ca, client.cert, client.key].map((path) =>
    readFileSync(path, "utf8"),
  );
  return { ca: trusted, cert, key };
}
