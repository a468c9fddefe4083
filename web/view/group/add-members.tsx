import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Chat } from "../../model/chat.ts";
import { createPicker } from "../../model/picker.ts";
import type { Report } from "../../model/report.ts";
import { Nothing } from "../parts/states.tsx";
import { useScreens } from "../parts/words.ts";
import { PickerList } from "../people/picker-list.tsx";
import { useContacts } from "../people/use-contacts.ts";
import { Chips } from "./new-group.tsx";

type Props = { chat: Chat; report: Report; onDone: () => void };

export function AddMembers({ chat, report, onDone }: Props): VNode {
  const words = useScreens();
  const { client } = chat.context;
  const contacts = useContacts(chat.context, report);
  const [picker] = useState(() =>
    createPicker(chat.context, contacts, report, () =>
      (chat.channel.value?.members ?? []).map(({ user_id }) => user_id),
    ),
  );
  const [busy, setBusy] = useState(false);

  /** Those who cannot be added stay picked. */
  async function add(): Promise<void> {
    setBusy(true);
    for (const profile of picker.picked.peek()) {
      const done = await report(client.addMember(chat.id, profile.user_id));
      if (done) picker.toggle(profile);
    }
    setBusy(false);
    if (picker.picked.peek().length === 0) onDone();
  }
  return (
    <>
      <Chips picker={picker} />
      <PickerList
        picker={picker}
        contacts={contacts}
        label={words.people.search}
        first
        many
        empty={<Nothing icon="user" title={words.people.none} text={words.people.noneHint} />}
        onPick={picker.toggle}
      />
      <button
        type="button"
        class="button primary wide foot"
        disabled={picker.picked.value.length === 0 || busy}
        onClick={() => void add()}
      >
        {words.group.add(picker.picked.value.length)}
      </button>
    </>
  );
}
