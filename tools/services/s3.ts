/** A server with the S3 protocol that keeps its objects in a folder and checks signatures. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { getS3 } from "./get/s3.ts";
import type { Service } from "./nodes.ts";
import { freePorts } from "./ports.ts";
import { succeeds } from "./until.ts";

export type S3Address = {
  /** `http://127.0.0.1:<port>` */
  endpoint: string;
  access_key: string;
  secret_key: string;
  region: string;
  /** Each folder in it is a bucket: see `createBucket`. */
  buckets: string;
};

const HOST = "127.0.0.1";
const ACCESS_KEY = "damso-access";
const SECRET_KEY = "damso-secret";

export const s3Service: Service<S3Address> = {
  name: "s3",
  deadline_ms: 30_000,
  plan: async (folder) => {
    const program = await getS3();
    const [port = 0] = await freePorts(1);
    const buckets = join(folder, "0");
    mkdirSync(buckets);
    const keys = ["--access-key", ACCESS_KEY, "--secret-key", SECRET_KEY];
    const endpoint = `http://${HOST}:${port}`;
    return {
      address: {
        endpoint,
        access_key: ACCESS_KEY,
        secret_key: SECRET_KEY,
        region: "us-east-1",
        buckets,
      },
      nodes: [
        {
          command: [program, ...keys, "--host", HOST, "--port", `${port}`, buckets],
          ending: "KILL",
          // It refuses a stranger, which is an answer too.
          isReady: () => succeeds(() => fetch(endpoint, { signal: AbortSignal.timeout(5000) })),
        },
      ],
    };
  },
};

/** Bun's client cannot make a bucket; here it is a folder. */
export function createBucket({ buckets }: S3Address, name: string): void {
  mkdirSync(join(buckets, name));
}
