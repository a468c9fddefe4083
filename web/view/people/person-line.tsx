import type { UserId } from "@damso/sdk";
import type { ComponentChildren, VNode } from "preact";
import { presenceView } from "../../model/presence.ts";
import { useHome } from "../app-context.ts";
import { Avatar } from "../avatar.tsx";

type Props = {
  user_id: UserId;
  name: string;
  /** In place of presence. */
  under?: string | undefined;
  children?: ComponentChildren;
};

/** A face, a name, and what is to be said under it. */
export function PersonLine({ user_id, name, under, children }: Props): VNode {
  const { context } = useHome();
  const presence = presenceView(context, user_id);
  return (
    <>
      <Avatar id={user_id} name={name} online={presence.online} small />
      <span class="item-name">
        <span class="one-line">{name}</span>
        <small class="one-line">{under ?? presence.text}</small>
      </span>
      {children}
    </>
  );
}
