import type { VNode } from "preact";
import type { Hint } from "../../model/hints.ts";
import type { Home } from "../../model/home.ts";
import type { ShellWords } from "../../model/strings/shell.ts";
import { useStrings } from "../app-context.ts";

const words: Record<Hint, (shell: ShellWords) => { text: string; button?: string }> = {
  install: ({ install, installButton }) => ({ text: install, button: installButton }),
  install_by_menu: ({ installByMenu }) => ({ text: installByMenu }),
  notify: ({ notify, notifyButton }) => ({ text: notify, button: notifyButton }),
};

/** An offer below the list of chats: it moves nothing, and one click makes it go for good. */
export function HintCard({ home }: { home: Home }): VNode | null {
  const { shell } = useStrings();
  const { hints, notifications, installNow } = home.outside;
  const hint = hints.hint.value;
  if (hint === undefined) return null;
  const { text, button } = words[hint](shell);
  const accept = (): void => {
    if (hint === "notify") void home.report(notifications.turnOn());
    else void installNow();
  };
  return (
    <aside class="offer">
      <p>{text}</p>
      <button type="button" class="button quiet" onClick={hints.decline}>
        {button === undefined ? shell.understood : shell.notNow}
      </button>
      {button !== undefined && (
        <button type="button" class="button primary" onClick={accept}>
          {button}
        </button>
      )}
    </aside>
  );
}
