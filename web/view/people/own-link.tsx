import type { VNode } from "preact";
import { linkToPerson } from "../../model/invite.ts";
import { useApp, useHome } from "../app-context.ts";
import { Dialog } from "../dialog.tsx";
import { LinkCard } from "../parts/link-card.tsx";
import { useScreens } from "../parts/words.ts";

/** One's own link: whoever opens it lands in a chat with me. */
export function OwnLink({ onClose }: { onClose: () => void }): VNode {
  const words = useScreens().invite;
  const { me } = useHome();
  const url = linkToPerson(useApp().app.server, me.username.value);
  return (
    <Dialog title={words.own} onClose={onClose}>
      <LinkCard url={url} text={words.ownText} title={me.name.value} />
    </Dialog>
  );
}
