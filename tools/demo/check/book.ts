/** The evidence with what several checks look up in it. */
import type { ChannelId, ClientId, Message, Seq, UserId } from "@damso/protocol";
import type { Edit, Evidence, Send, Viewer } from "./evidence.ts";
import { staysIn } from "./membership.ts";
import type { Stay, Stays } from "./membership.ts";

export type Book = Evidence & {
  /** The message of the history at this place. */
  at: (channel: ChannelId, seq: Seq) => Message | undefined;
  stays: (channel: ChannelId, user_id: UserId) => readonly Stay[];
  sendOf: (client_id: ClientId | undefined) => Send | undefined;
  editsOf: (channel: ChannelId, seq: Seq) => readonly Edit[];
  /** Every way in which somebody could have seen something. */
  viewers: readonly Viewer[];
  /** `Mina to Jun #3`, `Family #12`. */
  place: (channel: ChannelId, seq?: Seq) => string;
};

export function book(evidence: Evidence): Book {
  const { history, groups, sends, names } = evidence;
  const places = new Map<ChannelId, Map<Seq, Message>>();
  const stays = new Map<ChannelId, Stays>();
  for (const [channel, messages] of history) {
    const keeps = groups.find((group) => group.channel === channel)?.history ?? "from_join";
    places.set(channel, new Map(messages.map((message) => [message.seq, message])));
    stays.set(channel, staysIn(channel, messages, keeps));
  }
  const edits = Map.groupBy(evidence.edits, ({ channel, seq }) => `${channel}/${seq}`);
  const bySend = new Map(sends.map((send) => [send.client_id, send]));
  return {
    ...evidence,
    at: (channel, seq) => places.get(channel)?.get(seq),
    stays: (channel, user_id) => stays.get(channel)?.get(user_id) ?? [],
    sendOf: (client_id) => (client_id === undefined ? undefined : bySend.get(client_id)),
    editsOf: (channel, seq) => edits.get(`${channel}/${seq}`) ?? [],
    viewers: [...evidence.devices, ...evidence.readings],
    place: (channel, seq) => named(names, channel) + (seq === undefined ? "" : ` #${seq}`),
  };
}

function named(names: Evidence["names"], channel: ChannelId): string {
  if (channel.startsWith("g")) return `group ${channel.slice(-6)}`;
  const [low = "", high = ""] = channel.slice(1).split(".") as UserId[];
  return `${names.get(low as UserId) ?? low} and ${names.get(high as UserId) ?? high}`;
}
