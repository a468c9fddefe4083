import type { VNode } from "preact";
import type { Home } from "../model/home.ts";
import { useApp, useStrings } from "./app-context.ts";
import { Avatar } from "./avatar.tsx";
import { Dialog } from "./dialog.tsx";
import { LanguageButton } from "./welcome.tsx";

export function AccountDialog({ home, onClose }: { home: Home; onClose: () => void }): VNode {
  const { app } = useApp();
  const strings = useStrings();
  const { name, username, id } = home.me;
  return (
    <Dialog title={strings.account} onClose={onClose}>
      <div class="person">
        <Avatar id={id} name={name.value} />
        <span class="person-name">
          {name.value}
          <small>@{username.value}</small>
        </span>
      </div>
      <div class="actions">
        <button
          type="button"
          class="button"
          onClick={() => {
            home.openWith(id);
            onClose();
          }}
        >
          {strings.notesToSelf}
        </button>
        <LanguageButton />
        <button type="button" class="button danger" onClick={() => void app.logOut()}>
          {strings.logOut}
        </button>
      </div>
    </Dialog>
  );
}
