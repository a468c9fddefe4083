import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Chat } from "../model/chat.ts";
import { createFinder } from "../model/finder.ts";
import type { MemberRow, MembersModel } from "../model/members.ts";
import { createMembers } from "../model/members.ts";
import type { Mute } from "../model/mute.ts";
import { muteOf, mutedUntil } from "../model/mute.ts";
import { useStrings } from "./app-context.ts";
import { Avatar } from "./avatar.tsx";
import { Dialog } from "./dialog.tsx";
import { FindForm } from "./find-form.tsx";

const MUTES: readonly Mute[] = ["off", "hour", "workday", "ever"];

export function ChatInfo({ chat, onClose }: { chat: Chat; onClose: () => void }): VNode {
  const strings = useStrings();
  const { name, face, group, online, text } = chat.header.value;
  const username = chat.peer && chat.context.people.profileOf(chat.peer)?.username;
  return (
    <Dialog title={strings.chatInfo} onClose={onClose}>
      <div class="person">
        <Avatar id={face} name={name} group={group} online={online} />
        <span class="person-name">
          {name}
          <small>
            {username !== undefined && `@${username} · `}
            {text}
          </small>
        </span>
      </div>
      {chat.channel.value && <MuteSelect chat={chat} />}
      {group && <GroupInfo chat={chat} onClose={onClose} />}
    </Dialog>
  );
}

function MuteSelect({ chat }: { chat: Chat }): VNode {
  const strings = useStrings();
  const now = chat.context.now.value;
  return (
    <label class="field">
      <span>{strings.notifications}</span>
      <select
        value={muteOf(chat.channel.value?.muted_until, now)}
        onChange={(event) => {
          const until = mutedUntil(event.currentTarget.value as Mute, now);
          void chat.report(chat.context.client.set(chat.id, { muted_until: until }));
        }}
      >
        {MUTES.map((mute) => (
          <option key={mute} value={mute}>
            {strings.mute[mute]}
          </option>
        ))}
      </select>
    </label>
  );
}

function GroupInfo({ chat, onClose }: { chat: Chat; onClose: () => void }): VNode {
  const strings = useStrings();
  const { client } = chat.context;
  const [members] = useState(() => createMembers(chat));
  const [finder] = useState(() => createFinder(chat.context, chat.report));
  const [leaving, setLeaving] = useState(false);
  return (
    <>
      {members.mayRename.value && <RenameForm chat={chat} />}
      {members.mayAdd.value && (
        <FindForm
          finder={finder}
          label={strings.addByUsername}
          button={strings.add}
          onFound={({ user_id }) => void chat.report(client.addMember(chat.id, user_id))}
        />
      )}
      <MemberList chat={chat} members={members} />
      <button
        type="button"
        class="button danger"
        onClick={() => {
          if (!leaving) return setLeaving(true);
          onClose();
          void chat.report(client.leave(chat.id));
        }}
      >
        {leaving ? strings.leaveSure : strings.leave}
      </button>
    </>
  );
}

function RenameForm({ chat }: { chat: Chat }): VNode {
  const strings = useStrings();
  const [name, setName] = useState(chat.channel.value?.name ?? "");
  const same = name.trim() === "" || name.trim() === chat.channel.value?.name;
  return (
    <form
      class="find"
      onSubmit={(event) => {
        event.preventDefault();
        void chat.report(chat.context.client.updateGroup(chat.id, { name: name.trim() }));
      }}
    >
      <label class="field">
        <span>{strings.groupName}</span>
        <input
          value={name}
          maxLength={64}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button" disabled={same}>
        {strings.rename}
      </button>
    </form>
  );
}

function MemberList({ chat, members }: { chat: Chat; members: MembersModel }): VNode {
  const strings = useStrings();
  return (
    <section>
      <h3>{strings.members(members.rows.value.length)}</h3>
      <ul class="people">
        {members.rows.value.map((row) => (
          <li key={row.user_id} class="person">
            <Avatar id={row.user_id} name={row.face} online={row.presence.online} />
            <span class="person-name">
              {row.name}
              <small>
                {strings.role[row.role]} · {row.presence.text}
              </small>
            </span>
            <MemberActions chat={chat} row={row} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function MemberActions({ chat, row }: { chat: Chat; row: MemberRow }): VNode | null {
  const strings = useStrings();
  const { client } = chat.context;
  if (!row.may.remove && !row.may.changeRole) return null;
  const other = row.role === "admin" ? "member" : "admin";
  return (
    <span class="person-actions">
      {row.may.changeRole && (
        <button
          type="button"
          class="button quiet"
          onClick={() => void chat.report(client.addMember(chat.id, row.user_id, other))}
        >
          {other === "admin" ? strings.makeAdmin : strings.makeMember}
        </button>
      )}
      {row.may.remove && (
        <button
          type="button"
          class="button quiet danger"
          onClick={() => void chat.report(client.removeMember(chat.id, row.user_id))}
        >
          {strings.remove}
        </button>
      )}
    </span>
  );
}
