/** What is known of an open chat, and what can be done about it: a person's profile, or a group. */
import type { UserId } from "@damso/sdk";
import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import type { Chat } from "../../model/chat.ts";
import { createMembers } from "../../model/members.ts";
import { Dialog } from "../dialog.tsx";
import { AddMembers } from "../group/add-members.tsx";
import { GroupInvite } from "../group/group-invite.tsx";
import { GroupRoot } from "../group/group-root.tsx";
import { MemberRights } from "../group/member-rights.tsx";
import { Row, Section } from "../parts/rows.tsx";
import { Toast } from "../parts/states.tsx";
import { SubPage, useTop } from "../parts/sub-page.tsx";
import { usePanel } from "../parts/use-panel.ts";
import { useScreens } from "../parts/words.ts";
import { SharedPage } from "../found/shared.tsx";
import { Person } from "./person.tsx";

export type InfoPage =
  | { name: "root" }
  | { name: "shared" }
  | { name: "add" }
  | { name: "invite" }
  | { name: "member"; user_id: UserId };

/** Of the row that leads to the page; see `useTop`. */
function markOf(page: InfoPage): string | undefined {
  if (page.name === "root") return undefined;
  return page.name === "member" ? page.user_id : page.name;
}

type Props = { chat: Chat; onClose: () => void; onJump: (seq: number) => void };

export function ChatInfo({ chat, onClose, onJump }: Props): VNode {
  const { report, notice } = usePanel();
  const words = useScreens();
  const [page, setPage] = useState<InfoPage>({ name: "root" });
  const body = useRef<HTMLDivElement>(null);
  useTop(body, markOf(page));
  const back = (): void => setPage({ name: "root" });
  const { group } = chat.header.value;
  const titles: Record<InfoPage["name"], string> = {
    root: group ? words.group.title : words.person.title,
    shared: words.shared.title,
    add: words.group.addMembers,
    invite: words.invite.group,
    member: words.person.title,
  };
  const props = { chat, report, onClose, onPage: setPage };
  return (
    <Dialog
      kind="panel"
      title={titles[page.name]}
      onClose={onClose}
      onBack={page.name === "root" ? undefined : back}
    >
      <div ref={body} class="panel-body" key={page.name}>
        {page.name === "root" ? (
          <Root {...props} />
        ) : (
          <SubPage onBack={back}>
            <Page {...props} page={page} onBack={back} onJump={onJump} />
          </SubPage>
        )}
      </div>
      <Toast text={notice} />
    </Dialog>
  );
}

type PageProps = {
  chat: Chat;
  report: Chat["report"];
  onClose: () => void;
  onPage: (page: InfoPage) => void;
};

function Root(props: PageProps): VNode {
  const { chat, report, onClose, onPage } = props;
  const words = useScreens().shared;
  if (chat.header.value.group) return <GroupRoot {...props} />;
  const user_id = chat.peer ?? chat.context.client.user_id;
  return (
    <Person user_id={user_id} report={report} onClose={onClose}>
      {chat.channel.value && (
        <Section>
          <Row
            icon="image"
            title={words.title}
            leads
            mark="shared"
            onClick={() => onPage({ name: "shared" })}
          />
        </Section>
      )}
    </Person>
  );
}

type SubProps = PageProps & {
  page: InfoPage;
  onBack: () => void;
  onJump: (seq: number) => void;
};

function Page({ chat, report, onClose, page, onBack, onJump }: SubProps): VNode | null {
  const [members] = useState(() => createMembers(chat));
  switch (page.name) {
    case "root":
      return null;
    case "shared":
      return (
        <SharedPage
          channel={chat.id}
          report={report}
          onJump={(seq) => {
            onClose();
            onJump(seq);
          }}
        />
      );
    case "add":
      return <AddMembers chat={chat} report={report} onDone={onBack} />;
    case "invite":
      return <GroupInvite chat={chat} />;
    case "member":
      return (
        <Person user_id={page.user_id} report={report} onClose={onClose}>
          <MemberRights
            chat={chat}
            members={members}
            user_id={page.user_id}
            report={report}
            onGone={onBack}
          />
        </Person>
      );
  }
}
