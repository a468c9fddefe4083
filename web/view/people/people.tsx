/** Whom to talk with: friends, somebody found by username, a new group, or somebody who is not here yet. */
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { createPicker } from "../../model/picker.ts";
import { useHome } from "../app-context.ts";
import { Dialog } from "../dialog.tsx";
import { NewGroup } from "../group/new-group.tsx";
import { Row, Section } from "../parts/rows.tsx";
import { Nothing, Toast } from "../parts/states.tsx";
import { usePanel } from "../parts/use-panel.ts";
import { useScreens } from "../parts/words.ts";
import { OwnLink } from "./own-link.tsx";
import { PickerList } from "./picker-list.tsx";
import { useContacts } from "./use-contacts.ts";

export function People({ onClose }: { onClose: () => void }): VNode {
  const home = useHome();
  const words = useScreens().people;
  const { context, report, notice } = usePanel();
  const contacts = useContacts(context, report);
  const [picker] = useState(() => createPicker(context, contacts, report));
  const [page, setPage] = useState<"people" | "group" | "link">("people");
  if (page === "group") return <NewGroup onClose={onClose} />;
  return (
    <Dialog kind="panel" title={words.title} onClose={onClose}>
      <div class="panel-body">
        <PickerList
          picker={picker}
          contacts={contacts}
          label={words.search}
          first
          between={<Ways onGroup={() => setPage("group")} onLink={() => setPage("link")} />}
          empty={<Nothing icon="user" title={words.none} text={words.noneHint} />}
          onPick={({ user_id }) => {
            home.openWith(user_id);
            onClose();
          }}
        />
      </div>
      <Toast text={notice} />
      {page === "link" && <OwnLink onClose={() => setPage("people")} />}
    </Dialog>
  );
}

function Ways({ onGroup, onLink }: { onGroup: () => void; onLink: () => void }): VNode {
  const words = useScreens().people;
  return (
    <Section>
      <Row icon="group" title={words.new} onClick={onGroup} />
      <Row icon="qr" title={words.invite} hint={words.inviteHint} onClick={onLink} />
    </Section>
  );
}
