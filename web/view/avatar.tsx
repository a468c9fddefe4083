import type { ChannelId, UserId } from "@damso/sdk";
import type { VNode } from "preact";
import { useContext, useState } from "preact/hooks";
import type { Home } from "../model/home.ts";
import { colourOf, initials } from "../model/initials.ts";
import { HomeContext } from "./app-context.ts";
import { Icon } from "./icons.tsx";
import { useSource } from "./use-source.ts";

type Props = {
  /** Of a user or a channel. */
  id: string;
  name: string;
  group?: boolean;
  online?: boolean;
  small?: boolean;
  large?: boolean;
};

/** The picture where there is one, over a colour and letters. The presence dot is only a hint: the words stand elsewhere. */
export function Avatar({ id, name, group, online, small, large }: Props): VNode {
  const home = useContext(HomeContext);
  const picture = home && pictureOf(home, id);
  const size = small === true ? " small" : large === true ? " large" : "";
  // The own face has the letters of the own name also where it is called "You"; a large one follows what is being typed.
  const letters = home?.me.id === id && large !== true ? home.me.name.value : name;
  return (
    <span class={`avatar colour-${colourOf(id)}${size}`} aria-hidden="true">
      {group === true ? <Icon name="group" /> : initials(letters)}
      {picture !== undefined && <Picture key={picture} id={picture} />}
      {online === true && <span class="dot" />}
    </span>
  );
}

function Picture({ id }: { id: string }): VNode | null {
  const { url, retry } = useSource(id);
  const [shown, setShown] = useState(false);
  if (url === undefined) return null;
  return (
    <img
      src={url}
      alt=""
      class={shown ? "" : "coming"}
      draggable={false}
      onLoad={() => setShown(true)}
      onError={retry}
    />
  );
}

function pictureOf({ context }: Home, id: string): string | undefined {
  const { client, live, people } = context;
  // "Everyone" among those who may be mentioned has a face too.
  if (id === "all") return undefined;
  if (!id.startsWith("g")) return people.profileOf(id as UserId)?.avatar;
  live.follow("channels");
  return client.channel(id as ChannelId)?.avatar;
}
