/** Google's token and FCM endpoints, after their public description: checks who asks, and answers as it is told. */
import { generateKeyPairSync } from "node:crypto";
import { importSPKI, jwtVerify } from "jose";
import type { ServiceMood } from "@damso/contracts/push-sender";
import type { Post, Reply } from "../outbound/dial.ts";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

export const ACCOUNT: string = JSON.stringify({
  type: "service_account",
  project_id: "damso-test",
  private_key_id: "key1",
  private_key: privateKey.export({ type: "pkcs8", format: "pem" }),
  client_email: "push@damso-test.iam.gserviceaccount.com",
  token_uri: "https://oauth2.googleapis.com/token",
});

export type Firebase = {
  post: Post;
  mood: ServiceMood;
  /** Bodies that were taken or refused, with a good token. */
  messages: string[];
  tokens_given: number;
  /** The token that is good at the moment. */
  token: string;
};

export function createFirebase(now: () => number): Firebase {
  const firebase: Firebase = {
    mood: "takes",
    messages: [],
    tokens_given: 0,
    token: "",
    async post(url, { headers, body }) {
      if (url === "https://oauth2.googleapis.com/token")
        return grant(firebase, String(body), now());
      if (url !== "https://fcm.googleapis.com/v1/projects/damso-test/messages:send")
        return json(404, {});
      if (headers["authorization"] !== `Bearer ${firebase.token}`)
        return json(401, failed("UNAUTHENTICATED"));
      firebase.messages.push(String(body));
      return answer(firebase.mood);
    },
  };
  return firebase;
}

async function grant(firebase: Firebase, body: string, now: number): Promise<Reply> {
  const fields = new URLSearchParams(body);
  if (fields.get("grant_type") !== "urn:ietf:params:oauth:grant-type:jwt-bearer")
    return json(400, {});
  const pem = publicKey.export({ type: "spki", format: "pem" });
  const { payload, protectedHeader } = await jwtVerify(
    fields.get("assertion") ?? "",
    await importSPKI(pem, "RS256"),
    {
      audience: "https://oauth2.googleapis.com/token",
      issuer: "push@damso-test.iam.gserviceaccount.com",
      currentDate: new Date(now),
    },
  );
  const right = payload["scope"] === "https://www.googleapis.com/auth/firebase.messaging";
  if (!right || protectedHeader.kid !== "key1") return json(400, {});
  firebase.token = `ya29.${++firebase.tokens_given}`;
  return json(200, { access_token: firebase.token, expires_in: 3599, token_type: "Bearer" });
}

function answer(mood: ServiceMood): Reply {
  switch (mood) {
    case "takes":
      return json(200, { name: "projects/damso-test/messages/1" });
    case "knows no such address":
      return json(404, failed("NOT_FOUND", { errorCode: "UNREGISTERED" }));
    case "is busy for 7 s":
      return json(429, failed("RESOURCE_EXHAUSTED", { errorCode: "QUOTA_EXCEEDED" }), "7");
    case "fails":
      return json(503, failed("UNAVAILABLE", { errorCode: "UNAVAILABLE" }));
    case "does not answer":
      throw Object.assign(new Error("no answer in time"), { code: "timeout" });
    case "will never take it":
      return json(400, failed("INVALID_ARGUMENT", { errorCode: "INVALID_ARGUMENT" }));
  }
}

const failed = (status: string, detail?: object): object => ({
  error: { status, message: "Requested entity", details: detail ? [detail] : [] },
});

const json = (status: number, body: object, after?: string): Reply => ({
  status,
  headers: new Headers(after === undefined ? {} : { "retry-after": after }),
  body: JSON.stringify(body),
});
