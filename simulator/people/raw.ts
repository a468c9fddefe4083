/** Calls past the SDK: what a proxy repeats, and what only a curious client asks for. The checkers judge the answers. */
import type { HttpRequest } from "@damso/sdk/environment";
import { callServer } from "../models/internet.ts";
import type { World } from "../world.ts";
import type { Device, SendBody } from "./device.ts";

type Call = Pick<HttpRequest, "method"> & { path: string; body?: object };

/** Answers the status; a call that fails says nothing. */
async function call(world: World, device: Device, { method, path, body }: Call): Promise<number> {
  const { host, session, who } = device;
  if (!host) return 0;
  const request: HttpRequest = {
    method,
    url: session.server + path,
    headers: { authorization: `Bearer ${session.access_token}` },
    ...(body && { body: JSON.stringify(body) }),
    timeout_ms: 20_000,
  };
  // It keeps no order with what the SDK does or with the next one, so it counts as a device of its own.
  const name = `${who.device} at ${world.scheduler.now().toFixed(3)}`;
  const twin = { ...device, who: { ...who, device: name } };
  return (await callServer(world, twin, host, request)).status;
}

/** The same send to any node, beside what the SDK does, and heard of by nobody on this device. */
export async function sendAgain(world: World, device: Device): Promise<void> {
  const { random, sent } = device;
  const flying = random.chance(0.5) ? flyingOf(device) : undefined;
  const again = flying ?? (sent.length > 0 ? random.pick(sent) : undefined);
  if (!again) return;
  const { channel, ...body } = again;
  const status = await call(world, device, {
    method: "POST",
    path: `/v1/channels/${channel}/messages`,
    body,
  });
  if (status > 0 && status < 400) world.tally.sometimes("a send was repeated by another way");
}

/** The message that the SDK waits for an answer to. */
function flyingOf({ client, open, tables }: Device): SendBody | undefined {
  const record = [...tables.outbox.values()].find(({ client_id }) => open.has(client_id));
  const first = record && client?.pending(record.channel)[0];
  if (first?.state !== "sending" || !open.has(first.client_id)) return undefined;
  const { channel, client_id, body, reply_to, mentions } = first;
  return {
    channel,
    client_id,
    body,
    ...(reply_to !== undefined && { reply_to }),
    ...(mentions && { mentions }),
  };
}

/** Any channel that somebody knows, from any place on, whether or not it is for this user. */
export async function pry(world: World, device: Device): Promise<void> {
  const { random } = device;
  const known = world.devices.flatMap(({ tables }) => [...tables.channels.values()]);
  if (known.length === 0) return;
  const { channel } = random.pick(known);
  const seq = random.int(1, Math.max(1, channel.head));
  const place = random.pick([
    "",
    "?limit=20",
    `?before=${seq}`,
    `?after=${seq}`,
    `?around=${seq}`,
    `/${seq}`,
  ]);
  const status = await call(world, device, {
    method: "GET",
    path: `/v1/channels/${channel.id}/messages${place}`,
  });
  if (status >= 400) world.tally.sometimes("somebody asked for what is not his");
}

/** Missed events by plain HTTP, from where the device stands: as a client without a socket asks for them. */
export async function pollFeed(world: World, device: Device): Promise<void> {
  const { cursor } = device.tables;
  const from = cursor ? `?feed=${cursor.id}&after=${cursor.pos}&wait=0` : "";
  const status = await call(world, device, { method: "GET", path: `/v1/feed${from}` });
  if (status === 200) world.tally.sometimes("a feed was polled");
}
