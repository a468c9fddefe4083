import type { Role } from "@damso/protocol";
import type { UserId } from "@damso/sdk";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Chat } from "../../model/chat.ts";
import type { MembersModel } from "../../model/members.ts";
import type { Report } from "../../model/report.ts";
import { Confirm } from "../parts/confirm.tsx";
import { Row, Section } from "../parts/rows.tsx";
import { useScreens } from "../parts/words.ts";

type Props = {
  chat: Chat;
  members: MembersModel;
  user_id: UserId;
  report: Report;
  /** The member is none any more. */
  onGone: () => void;
};

/** What I may do to a member of a group: its role, and its place. */
export function MemberRights({ chat, members, user_id, report, onGone }: Props): VNode | null {
  const words = useScreens().group;
  const { client, people } = chat.context;
  const [asking, setAsking] = useState<"pass" | "remove">();
  const row = members.rows.value.find((member) => member.user_id === user_id);
  if (!row || (!row.may.remove && !row.may.changeRole)) return null;
  const name = people.nameOf(user_id);
  const give = (role: Role): void => void report(client.addMember(chat.id, user_id, role));
  const other = row.role === "admin" ? "member" : "admin";
  async function remove(): Promise<void> {
    if (await report(client.removeMember(chat.id, user_id))) onGone();
  }
  return (
    <Section title={chat.header.value.name}>
      {row.may.changeRole && (
        <>
          <Row
            icon="user"
            title={other === "admin" ? words.promote : words.demote}
            onClick={() => give(other)}
          />
          <Row icon="crown" title={words.pass} onClick={() => setAsking("pass")} />
        </>
      )}
      {row.may.remove && (
        <Row icon="userMinus" title={words.remove} danger onClick={() => setAsking("remove")} />
      )}
      {asking === "pass" && (
        <Confirm
          title={words.passSure(name)}
          text={words.passText}
          button={words.pass}
          onConfirm={() => give("owner")}
          onClose={() => setAsking(undefined)}
        />
      )}
      {asking === "remove" && (
        <Confirm
          title={words.removeSure(name)}
          button={words.remove}
          danger
          onConfirm={() => void remove()}
          onClose={() => setAsking(undefined)}
        />
      )}
    </Section>
  );
}
