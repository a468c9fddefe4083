import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Picked } from "../../model/api.ts";
import { makeGroup } from "../../model/new-group.ts";
import type { Picker } from "../../model/picker.ts";
import { createPicker } from "../../model/picker.ts";
import { useHome, useStrings } from "../app-context.ts";
import { Dialog } from "../dialog.tsx";
import { useBlobUrl } from "../files/use-blob-url.ts";
import { Icon } from "../icons.tsx";
import { PictureButton } from "../parts/picture-button.tsx";
import { Nothing, Toast } from "../parts/states.tsx";
import { usePanel } from "../parts/use-panel.ts";
import { useScreens } from "../parts/words.ts";
import { PickerList } from "../people/picker-list.tsx";
import { useContacts } from "../people/use-contacts.ts";

export function NewGroup({ onClose }: { onClose: () => void }): VNode {
  const home = useHome();
  const words = useScreens();
  const { context, report, notice } = usePanel();
  const contacts = useContacts(context, report);
  const [picker] = useState(() => createPicker(context, contacts, report));
  const [name, setName] = useState("");
  const [picture, setPicture] = useState<Picked>();
  const [busy, setBusy] = useState(false);

  async function create(): Promise<void> {
    setBusy(true);
    const draft = { name, picture, members: picker.picked.peek() };
    const id = await makeGroup(context, draft, report, home.report);
    setBusy(false);
    if (id === undefined) return;
    home.open(id);
    onClose();
  }
  return (
    <Dialog kind="panel" title={words.group.new} onClose={onClose}>
      <div class="panel-body">
        <GroupFace name={name} onName={setName} picture={picture} onPicture={setPicture} />
        <Chips picker={picker} />
        <PickerList
          picker={picker}
          contacts={contacts}
          label={words.people.search}
          many
          empty={<Nothing icon="user" title={words.people.none} text={words.people.noneHint} />}
          onPick={picker.toggle}
        />
      </div>
      <Toast text={notice} />
      <button
        type="button"
        class="button primary wide foot"
        disabled={picker.picked.value.length === 0 || busy}
        onClick={() => void create()}
      >
        {words.group.create}
      </button>
    </Dialog>
  );
}

type FaceProps = {
  name: string;
  onName: (name: string) => void;
  picture: Picked | undefined;
  onPicture: (file: Picked | undefined) => void;
};

function GroupFace({ name, onName, picture, onPicture }: FaceProps): VNode {
  const words = useScreens().group;
  const preview = useBlobUrl(picture?.source as Blob | undefined);
  return (
    <div class="group-face">
      <PictureButton
        id="g"
        name={name}
        group
        label={words.picture}
        preview={preview}
        onPick={onPicture}
      />
      <label class="field">
        <span>{words.name}</span>
        <input
          data-first
          value={name}
          maxLength={64}
          autocomplete="off"
          onInput={(event) => onName(event.currentTarget.value)}
        />
      </label>
    </div>
  );
}

/** Who is in it so far. */
export function Chips({ picker }: { picker: Picker }): VNode | null {
  const strings = useStrings();
  const picked = picker.picked.value;
  if (picked.length === 0) return null;
  return (
    <ul class="chips">
      {picked.map((profile) => (
        <li key={profile.user_id}>
          <span class="one-line">{profile.name}</span>
          <button
            type="button"
            aria-label={strings.removeName(profile.name)}
            onClick={() => picker.toggle(profile)}
          >
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}
