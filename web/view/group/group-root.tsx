import type { Channel, UserId } from "@damso/sdk";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Chat } from "../../model/chat.ts";
import type { MembersModel } from "../../model/members.ts";
import { createMembers } from "../../model/members.ts";
import { matchesName } from "../../model/name-search.ts";
import { setGroupPicture } from "../../model/new-group.ts";
import type { Report } from "../../model/report.ts";
import { dateText } from "../../model/until.ts";
import { useLocale, useStrings } from "../app-context.ts";
import { Avatar } from "../avatar.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { PictureButton } from "../parts/picture-button.tsx";
import { Row, Section, Switch } from "../parts/rows.tsx";
import type { Tile } from "../parts/tiles.tsx";
import { Tiles } from "../parts/tiles.tsx";
import { useScreens } from "../parts/words.ts";
import type { InfoPage } from "../people/chat-info.tsx";
import { MuteRow } from "../people/mute-row.tsx";
import { PersonLine } from "../people/person-line.tsx";
import { SearchField } from "../people/search-field.tsx";

/** From so many on there is a field to find one of them. */
const SEARCHED_MIN = 8;

type Props = {
  chat: Chat;
  report: Report;
  onClose: () => void;
  onPage: (page: InfoPage) => void;
};

export function GroupRoot({ chat, report, onClose, onPage }: Props): VNode | null {
  const words = useScreens();
  const [members] = useState(() => createMembers(chat));
  const channel = chat.channel.value;
  if (!channel) return null;
  const tiles: Tile[] = members.mayAdd.value
    ? [
        { icon: "userPlus", word: words.group.addMembers, run: () => onPage({ name: "add" }) },
        { icon: "qr", word: words.invite.group, run: () => onPage({ name: "invite" }) },
      ]
    : [];
  return (
    <>
      <GroupFace chat={chat} channel={channel} members={members} report={report} />
      {tiles.length > 0 && <Tiles tiles={tiles} />}
      <Section>
        <MuteRow channel={channel} report={report} />
        <Row
          icon="image"
          title={words.shared.title}
          leads
          mark="shared"
          onClick={() => onPage({ name: "shared" })}
        />
      </Section>
      {members.mayRename.value && <GroupSettings chat={chat} channel={channel} report={report} />}
      <MemberList members={members} onPick={(user_id) => onPage({ name: "member", user_id })} />
      <Leave chat={chat} members={members} report={report} onClose={onClose} />
    </>
  );
}

type FaceProps = { chat: Chat; channel: Channel; members: MembersModel; report: Report };

function GroupFace({ chat, channel, members, report }: FaceProps): VNode {
  const words = useScreens().group;
  const locale = useLocale();
  const { name } = chat.header.value;
  const [busy, setBusy] = useState(false);
  const may = members.mayRename.value;
  return (
    <div class="face-line">
      {may ? (
        <PictureButton
          id={chat.id}
          name={name}
          group
          label={words.picture}
          busy={busy}
          onPick={(file) => {
            if (!file) return;
            setBusy(true);
            void setGroupPicture(chat.context, chat.id, file, report).then(() => setBusy(false));
          }}
        />
      ) : (
        <Avatar id={chat.id} name={name} group large />
      )}
      {may ? <Rename chat={chat} channel={channel} report={report} /> : <h3 dir="auto">{name}</h3>}
      <p>{words.created(dateText(channel.created_at, locale))}</p>
    </div>
  );
}

function Rename({ chat, channel, report }: Omit<FaceProps, "members">): VNode {
  const words = useScreens().group;
  const [name, setName] = useState(channel.name ?? "");
  const next = name.trim();
  const changed = next !== "" && next !== channel.name;
  return (
    <form
      class="rename"
      onSubmit={(event) => {
        event.preventDefault();
        if (changed) void report(chat.context.client.updateGroup(chat.id, { name: next }));
      }}
    >
      <label>
        <span class="hidden">{words.name}</span>
        <input
          value={name}
          placeholder={words.namePlaceholder}
          maxLength={64}
          autocomplete="off"
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button" disabled={!changed}>
        {words.rename}
      </button>
    </form>
  );
}

function GroupSettings({ chat, channel, report }: Omit<FaceProps, "members">): VNode {
  const words = useScreens().group;
  const { client } = chat.context;
  const { history, invite } = channel.settings;
  const set = (settings: Partial<Channel["settings"]>): Promise<boolean> =>
    report(client.updateGroup(chat.id, { settings }));
  return (
    <Section title={words.settings}>
      <Switch
        title={words.history}
        hint={words.historyHint}
        on={history === "all"}
        onChange={(on) => set({ history: on ? "all" : "from_join" })}
      />
      <Switch
        title={words.invite}
        on={invite === "admins"}
        onChange={(on) => set({ invite: on ? "admins" : "members" })}
      />
    </Section>
  );
}

type ListProps = { members: MembersModel; onPick: (user_id: UserId) => void };

function MemberList({ members, onPick }: ListProps): VNode {
  const words = useScreens().group;
  const strings = useStrings();
  const [typed, setTyped] = useState("");
  const rows = members.rows.value;
  const shown = rows.filter(({ face }) => matchesName(face, typed));
  return (
    <>
      {rows.length >= SEARCHED_MIN && (
        <SearchField label={words.searchMembers} value={typed} onInput={setTyped} />
      )}
      <Section title={words.members(rows.length)}>
        {shown.map(({ user_id, name, self, role, presence }) => (
          <button
            key={user_id}
            type="button"
            class="item"
            data-mark={user_id}
            onClick={() => onPick(user_id)}
          >
            <PersonLine user_id={user_id} name={name} under={self ? "" : presence.text}>
              {role !== "member" && <span class="role">{strings.role[role]}</span>}
            </PersonLine>
          </button>
        ))}
      </Section>
    </>
  );
}

function Leave({
  chat,
  members,
  report,
  onClose,
}: Omit<FaceProps, "channel"> & { onClose: () => void }): VNode {
  const words = useScreens().group;
  const [asking, setAsking] = useState(false);
  const owner = members.rows.value.some(({ self, role }) => self && role === "owner");
  async function leave(): Promise<void> {
    if (await report(chat.context.client.leave(chat.id))) onClose();
  }
  return (
    <Section>
      <Row icon="out" title={words.leave} danger onClick={() => setAsking(true)} />
      {asking && (
        <Confirm
          title={words.leaveSure}
          text={owner ? `${words.leaveText} ${words.leaveOwner}` : words.leaveText}
          button={words.leave}
          danger
          onConfirm={() => void leave()}
          onClose={() => setAsking(false)}
        />
      )}
    </Section>
  );
}
