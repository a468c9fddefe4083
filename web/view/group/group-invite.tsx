import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Chat } from "../../model/chat.ts";
import { linkToGroup } from "../../model/invite.ts";
import { dateText } from "../../model/until.ts";
import { useApp, useLocale } from "../app-context.ts";
import { LinkCard } from "../parts/link-card.tsx";
import { Failed, Skeleton } from "../parts/states.tsx";
import { useScreens } from "../parts/words.ts";

/** A link into the group. Each time a new one: it ends by itself. */
export function GroupInvite({ chat }: { chat: Chat }): VNode {
  const words = useScreens().invite;
  const locale = useLocale();
  const { server } = useApp().app;
  const [link, setLink] = useState<{ url: string; expires_at: string } | "failed">();
  function load(): void {
    setLink(undefined);
    linkToGroup(chat.context.api, server, chat.id).then(setLink, () => setLink("failed"));
  }
  useEffect(load, []);
  if (link === "failed") return <Failed onRetry={load} />;
  if (link === undefined) return <Skeleton rows={4} />;
  const text = words.groupText(dateText(link.expires_at, locale));
  return <LinkCard url={link.url} text={text} title={chat.header.value.name} />;
}
