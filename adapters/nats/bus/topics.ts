/** Frames for everybody who looks at a topic: those in this process at once, the others through one subject per topic. */
import type { Msg } from "@nats-io/transport-node";
import type { Bus, TopicFrame } from "@damso/core/ports/bus";
import type { BusParts } from "../bus.ts";
import { encodeJson } from "../payload.ts";
import { tokenOf } from "../token.ts";
import { decodeFrame } from "./decode.ts";
import { listen } from "./listen.ts";

type Listener = (frame: TopicFrame) => void;
type Topic = { listeners: Set<Listener>; stop(): void };
type Topics = BusParts & {
  /** Tells what this bus has published, and its own listeners have heard, from what others did. */
  origin: string;
  topics: Map<string, Topic>;
};

export function createTopics(parts: BusParts): Pick<Bus, "publish" | "subscribe"> {
  const topics: Topics = { ...parts, origin: crypto.randomUUID(), topics: new Map() };
  return {
    publish: (name, frame) => publish(topics, name, frame),
    subscribe: (name, listener) => subscribe(topics, name, listener),
  };
}

const subjectOf = ({ prefix }: BusParts, name: string): string =>
  `${prefix}.topic.${tokenOf(name)}`;

function publish(topics: Topics, name: string, frame: TopicFrame): void {
  const { origin, outbound, drops } = topics;
  tell(topics, name, frame);
  const sent = outbound.publish(subjectOf(topics, name), encodeJson({ origin, ...frame }));
  if (sent === "large") drops.large++;
  if (sent !== "sent") drops.lost_frames++;
}

function tell({ topics }: Topics, name: string, frame: TopicFrame): void {
  for (const listener of topics.get(name)?.listeners ?? []) listener(frame);
}

function subscribe(topics: Topics, name: string, listener: Listener): () => void {
  // A function subscribed twice is two subscriptions.
  const own: Listener = (frame) => listener(frame);
  const topic = topics.topics.get(name) ?? open(topics, name);
  topic.listeners.add(own);
  return () => {
    topic.listeners.delete(own);
    if (topic.listeners.size > 0 || topics.topics.get(name) !== topic) return;
    topics.topics.delete(name);
    topic.stop();
  };
}

function open(topics: Topics, name: string): Topic {
  const heard = ({ data }: Msg): void => {
    const told = decodeFrame(data);
    if (!told) topics.drops.malformed++;
    else if (told.origin !== topics.origin) tell(topics, name, told.frame);
  };
  const topic: Topic = {
    listeners: new Set(),
    stop: listen(topics, subjectOf(topics, name), heard),
  };
  topics.topics.set(name, topic);
  return topic;
}
