/** How long channels are without an owner when a node is killed: asked of a node that lives, again and again. */
import type { Cluster } from "@damso/tools/cluster/cluster";
import { createClientIds } from "../generator/client_id.ts";
import type { Session } from "./accounts.ts";

const clientId = createClientIds(Date.now, Math.random);
/** Sends that took less than this found their owner alive. */
const WAITED_MS = 250;
const AGAIN_MS = 20;
const GIVEN_UP_MS = 60_000;

/** Kills each node in turn, with one session a channel trying to send into it; answers the waits of those that had to. */
export async function measureTakeovers(
  cluster: Cluster,
  sessions: readonly Session[],
  rounds: number,
): Promise<number[]> {
  const waits: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const at = round % cluster.nodes.length;
    const witness = cluster.nodes[(at + 1) % cluster.nodes.length]?.origin ?? "";
    await Promise.all(sessions.map((session) => sendUntilTaken(witness, session)));
    await cluster.nodes[at]?.kill();
    const all = await Promise.all(sessions.map((session) => sendUntilTaken(witness, session)));
    waits.push(...all.filter((ms) => ms > WAITED_MS));
    await cluster.start(at);
    await Bun.sleep(3000);
  }
  return waits;
}

/** Into the channel of oneself, which lives in a shard of its own kind for every user. */
async function sendUntilTaken(origin: string, session: Session): Promise<number> {
  const { user_id, access_token } = session;
  const began = performance.now();
  const body = JSON.stringify({ client_id: clientId(), body: "still here?" });
  while (performance.now() - began < GIVEN_UP_MS) {
    const answer = await fetch(`${origin}/v1/channels/d${user_id}.${user_id}/messages`, {
      method: "POST",
      headers: { authorization: `Bearer ${access_token}`, "content-type": "application/json" },
      body,
    }).catch(() => undefined);
    if (answer?.status === 201) return performance.now() - began;
    await Bun.sleep(AGAIN_MS);
  }
  throw new Error(`no node took a message of ${user_id} in ${GIVEN_UP_MS} ms`);
}
