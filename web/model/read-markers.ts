/** Read markers that the server may not have heard of: kept on this device, and told again after a reload. */
import type { ChannelId, Client, Seq } from "@damso/sdk";
import type { Keep } from "./keep.ts";
import { getJson } from "./keep.ts";

/** Markers remembered; the one moved longest ago is forgotten. */
const KEPT_MAX = 100;

type Markers = Record<ChannelId, Seq>;

/** The client, whose `read` outlives a reload without a connection. */
export function keepMarkers(client: Client, keep: Keep): Client {
  const key = `damso.read.${client.user_id}`;
  // Asked for each time: other tabs write there too.
  const all = (): Markers => getJson<Markers>(keep, key) ?? {};
  const store = (markers: Markers): void => {
    const newest = Object.entries(markers).slice(-KEPT_MAX);
    keep.set(key, JSON.stringify(Object.fromEntries(newest)));
  };
  let began = false;
  /** The first that is heard of channels is what the device has stored. */
  const begin = (): void => {
    if (began || client.channels().length === 0) return;
    began = true;
    store(tellAgain(client, all()));
  };
  client.subscribe((topic) => {
    if (topic === "channels") begin();
  });
  return {
    ...client,
    read: (channel, seq) => {
      begin();
      const { [channel]: earlier = 0, ...rest } = all();
      if (seq > earlier) store({ ...rest, [channel]: seq });
      client.read(channel, seq);
    },
  };
}

/** The markers that were worth telling. */
function tellAgain(client: Client, markers: Markers): Markers {
  const behind = (Object.entries(markers) as [ChannelId, Seq][]).filter(
    ([channel, seq]) => (client.channel(channel)?.read ?? seq) < seq,
  );
  for (const [channel, seq] of behind) client.read(channel, seq);
  return Object.fromEntries(behind);
}
