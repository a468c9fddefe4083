/** Four people on a server of their own, and how a refusal over HTTP has to look. */
import { expect } from "bun:test";
import { CODES } from "@damso/protocol/codes";
import type { ErrorCode } from "@damso/protocol/codes";
import { directChannel } from "@damso/protocol/ids";
import type { ChannelId } from "@damso/protocol/ids";
import { succeed } from "./http.testing.ts";
import type { Answer } from "./http.testing.ts";
import { createGroup, signUpPool } from "./people.testing.ts";
import type { Session } from "./people.testing.ts";
import { startServer } from "./server.ts";
import type { RigServer } from "./server.ts";

export type Party = {
  server: RigServer;
  origin: string;
  ann: Session;
  ben: Session;
  /** Has blocked ann. */
  cho: Session;
  /** Is in no group. */
  dan: Session;
  /** Of ann and ben. */
  pair: ChannelId;
  /** Of ann, who made it, ben and cho. */
  group: ChannelId;
};

export async function createParty(): Promise<Party> {
  const server = await startServer();
  const { origin } = server;
  const people = (await signUpPool(origin, 4)) as [Session, Session, Session, Session];
  const [ann, ben, cho, dan] = people;
  const group = await createGroup(origin, [ann, ben, cho]);
  const pair = directChannel(ann.user_id, ben.user_id);
  await succeed(origin, "PUT", `/v1/blocks/${ann.user_id}`, { token: cho.access_token });
  return { server, origin, ann, ben, cho, dan, pair, group };
}

/** A problem document says the same as the frame, with the status of the code. Rule P18. */
export function expectProblem(answer: Answer, code: ErrorCode): void {
  const { status } = CODES[code];
  expect(answer.body).toMatchObject({ code, status });
  expect(answer.status).toBe(status);
  expect(answer.type).toBe("application/problem+json");
  const { type, title, detail } = answer.body as Record<string, unknown>;
  expect([type, title, detail].map((text) => typeof text)).toEqual(["string", "string", "string"]);
}
