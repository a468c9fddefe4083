import type { Profile, UserId } from "@damso/sdk";
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Finder } from "../model/finder.ts";
import type { Home } from "../model/home.ts";
import { useStrings } from "./app-context.ts";
import { Avatar } from "./avatar.tsx";
import { Dialog } from "./dialog.tsx";
import { FindForm } from "./find-form.tsx";
import { Icon } from "./icons.tsx";

export function NewChat({ home, onClose }: { home: Home; onClose: () => void }): VNode {
  const strings = useStrings();
  const [finder] = useState(home.finder);
  const [group, setGroup] = useState(false);
  useEffect(() => void finder.loadContacts(), [finder]);

  function talkTo(user_id: UserId): void {
    home.openWith(user_id);
    onClose();
  }
  if (group) return <NewGroup home={home} finder={finder} onClose={onClose} />;
  return (
    <Dialog title={strings.newChat} onClose={onClose}>
      <FindForm
        finder={finder}
        label={strings.findByUsername}
        button={strings.find}
        first
        onFound={({ user_id }) => talkTo(user_id)}
      />
      <button type="button" class="person" onClick={() => setGroup(true)}>
        <span class="avatar accent">
          <Icon name="group" />
        </span>
        <span class="person-name">{strings.newGroup}</span>
      </button>
      <Contacts finder={finder} onPick={({ user_id }) => talkTo(user_id)} />
    </Dialog>
  );
}

function NewGroup({
  home,
  finder,
  onClose,
}: {
  home: Home;
  finder: Finder;
  onClose: () => void;
}): VNode {
  const strings = useStrings();
  const [name, setName] = useState("");
  const picked = finder.picked.value;

  async function create(): Promise<void> {
    const id = await finder.createGroup(name);
    if (id === undefined) return;
    home.open(id);
    onClose();
  }
  return (
    <Dialog title={strings.newGroup} onClose={onClose}>
      <label class="field">
        <span>{strings.groupName}</span>
        <input
          data-first
          value={name}
          maxLength={64}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <FindForm
        finder={finder}
        label={strings.addByUsername}
        button={strings.add}
        onFound={finder.pick}
      />
      {picked.length > 0 && (
        <ul class="chips">
          {picked.map((profile) => (
            <li key={profile.user_id}>
              {profile.name}
              <button
                type="button"
                aria-label={strings.removeName(profile.name)}
                onClick={() => finder.drop(profile.user_id)}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <Contacts finder={finder} onPick={finder.pick} />
      <button
        type="button"
        class="button primary wide"
        disabled={picked.length === 0 && finder.typed.value.trim() === ""}
        onClick={() => void create()}
      >
        {strings.create}
      </button>
    </Dialog>
  );
}

function Contacts({
  finder,
  onPick,
}: {
  finder: Finder;
  onPick: (profile: Profile) => void;
}): VNode | null {
  const strings = useStrings();
  const picked = new Set(finder.picked.value.map(({ user_id }) => user_id));
  const shown = finder.contacts.value.filter(({ user_id }) => !picked.has(user_id));
  if (shown.length === 0) return null;
  return (
    <section>
      <h3>{strings.contacts}</h3>
      <ul class="people">
        {shown.map((profile) => (
          <li key={profile.user_id}>
            <button type="button" class="person" onClick={() => onPick(profile)}>
              <Avatar id={profile.user_id} name={profile.name} />
              <span class="person-name">
                {profile.name}
                <small>@{profile.username}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
