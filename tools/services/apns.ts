/** A mock of Apple's push service that others made. */
import { existsSync, mkdirSync } from "node:fs";
import { connect } from "node:tls";
import { join } from "node:path";
import { getApns, MOCK } from "./get/apns.ts";
import { run } from "./get/tool.ts";
import type { Service } from "./nodes.ts";
import { freePorts } from "./ports.ts";
import { succeeds } from "./until.ts";

export type ApnsAddress = {
  /** `https://localhost:<port>` */
  url: string;
  /** Files: who signed the server's certificate, and the key that tokens are to be signed with. */
  certificate: string;
  key: string;
  key_id: string;
  team_id: string;
  topic: string;
  /** A device that is there, and one that is not any more. */
  token: string;
  gone_token: string;
};

export const apnsService: Service<ApnsAddress> = {
  name: "apns",
  // Java compiles it first.
  deadline_ms: 120_000,
  plan: async (folder) => {
    const { java, keytool, jars } = await getApns();
    const [port = 0] = await freePorts(1);
    const files = join(folder, "0");
    mkdirSync(files);
    const store = join(files, "tls.p12");
    const name = ["-dname", "CN=localhost", "-ext", "san=dns:localhost", "-validity", "36500"];
    const kind = ["-alias", "tls", "-keyalg", "EC", "-groupname", "secp256r1"];
    const kept = ["-storetype", "PKCS12", "-keystore", store, "-storepass", "password"];
    await run([keytool, "-genkeypair", ...kind, ...name, ...kept]);
    const command = [
      java,
      "-XX:TieredStopAtLevel=1",
      "-cp",
      join(jars, "*"),
      MOCK,
      `${port}`,
      files,
    ];
    return {
      address: {
        url: `https://localhost:${port}`,
        certificate: join(files, "certificate.pem"),
        key: join(files, "key.p8"),
        key_id: "KEY1234567",
        team_id: "TEAM123456",
        topic: "app.damso",
        token: "a".repeat(64),
        gone_token: "b".repeat(64),
      },
      nodes: [
        {
          command,
          ending: "KILL",
          isReady: async () =>
            existsSync(join(files, "key.p8")) && (await succeeds(() => greet(port))),
        },
      ],
    };
  },
};

/** A handshake: the certificate is looked at by whoever means to send. */
function greet(port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect({
    host: "localhost",
    port,
    rejectUnauthorized: false,
    ALPNProtocols: ["h2"],
  });
  socket.once("secureConnect", () => {
    socket.destroy();
    resolve();
  });
  socket.once("error", reject);
  socket.setTimeout(5000, () => socket.destroy(new Error("no handshake")));
  return promise;
}
