/** One signed-in device. */
import type { Client, Lifecycle } from "../api.ts";
import { DamsoError } from "../errors.ts";
import { applySummary } from "../timeline/apply.ts";
import { request } from "../transport/http.ts";
import type { Call } from "../transport/http.ts";
import { lookingCalls, messaging } from "./messaging.ts";
import { assemble } from "./parts.ts";
import type { ClientOptions } from "./options.ts";
import type { Parts } from "./parts.ts";
import { groups, people } from "./people.ts";
import { views } from "./views.ts";

/** Makes the client of a session. It does nothing before `start`, and is not started again after `stop`. */
export function createClient(options: ClientOptions): Client {
  const parts = assemble(options);
  const { http, environment, timeline } = parts;
  return {
    ...lifecycle(parts, options),
    ...views(parts),
    ...messaging(parts),
    ...lookingCalls(parts),
    ...groups(http, environment, (channel) => applySummary(timeline, channel)),
    ...people(http),
  };
}

function lifecycle(parts: Parts, { session }: ClientOptions): Lifecycle {
  const { connection, events } = parts;
  return {
    user_id: session.user_id,
    device_id: session.device_id,
    start: () => (parts.running ??= start(parts)),
    stop: async () => {
      await stop(parts);
      await parts.store.close();
    },
    logOut: () => logOut(parts),
    state: connection.state,
    setActive: connection.setActive,
    on: events.on,
    subscribe: events.subscribe,
  };
}

async function start(parts: Parts): Promise<void> {
  const { store, timeline, outbox, connection, events } = parts;
  if (parts.stopped) throw new DamsoError("stopped");
  const { cursor, channels, outbox: queued } = await store.load();
  timeline.cursor = cursor;
  for (const record of channels) timeline.channels.set(record.channel.id, record);
  outbox.load(queued);
  events.notify("channels");
  // It may have been stopped while the store was read.
  if (parts.stopped) throw new DamsoError("stopped");
  await new Promise<void>((resolve, reject) => {
    parts.starting = { resolve, reject };
    connection.start();
  });
}

async function stop(parts: Parts): Promise<void> {
  const why = new DamsoError("stopped");
  parts.stopped = true;
  parts.running = undefined;
  parts.connection.stop();
  parts.outbox.end(why);
  parts.starting?.reject(why);
  parts.pauses.end();
  await parts.writer.flush();
}

/** The local store is deleted in any case; rejects when the server could not be told. */
async function logOut(parts: Parts): Promise<void> {
  const { tokens, environment, store } = parts;
  const { server, refresh_token, access_token } = tokens.session();
  await stop(parts);
  try {
    const call: Call = ["POST", "/v1/logout", { refresh_token }];
    await request<undefined>(environment, server, call, access_token);
  } catch (error) {
    const over = error instanceof DamsoError && error.code === "unauthenticated";
    if (!over) throw error;
  } finally {
    await store.destroy();
  }
}
