import type { Channel, UserId } from "@damso/sdk";
import type { ComponentChildren, VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { nameOfChannel } from "../../model/chat-list.ts";
import { groupsWith } from "../../model/person.ts";
import { presenceView } from "../../model/presence.ts";
import type { Relations } from "../../model/relations.ts";
import { createRelations } from "../../model/relations.ts";
import type { Report } from "../../model/report.ts";
import { useHome, useStrings } from "../app-context.ts";
import { Avatar } from "../avatar.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { Section } from "../parts/rows.tsx";
import type { Tile } from "../parts/tiles.tsx";
import { Tiles } from "../parts/tiles.tsx";
import { useScreens } from "../parts/words.ts";
import { MuteRow } from "./mute-row.tsx";

type Props = {
  user_id: UserId;
  report: Report;
  onClose: () => void;
  /** What stands between the profile and the groups in common. */
  children?: ComponentChildren;
};

/** Somebody's profile. */
export function Person({ user_id, report, onClose, children }: Props): VNode {
  const words = useScreens().person;
  const { context } = useHome();
  const { client, people, live } = context;
  const [relations] = useState(() => createRelations(context, report));
  useEffect(() => {
    people.refresh(user_id);
    void relations.contacts.load();
    void relations.blocks.load();
    return relations.stop;
  }, [people, relations, user_id]);
  live.follow("channels");
  const channel = client.channel(client.direct(user_id));
  const profile = people.profileOf(user_id);
  const gone = profile?.deleted === true;
  const self = user_id === client.user_id;
  return (
    <>
      <PersonFace user_id={user_id} />
      {gone && <p class="section-hint centred">{words.gone}</p>}
      {!self && !gone && <PersonTiles user_id={user_id} relations={relations} onClose={onClose} />}
      {profile?.about !== undefined && (
        <Section title={words.about}>
          <p class="item about-text" dir="auto">
            {profile.about}
          </p>
        </Section>
      )}
      {channel && !self && (
        <Section>
          <MuteRow channel={channel} report={report} />
        </Section>
      )}
      {children}
      {!self && <GroupsInCommon user_id={user_id} onClose={onClose} />}
    </>
  );
}

function PersonFace({ user_id }: { user_id: UserId }): VNode {
  const { context } = useHome();
  const { people, client } = context;
  const name = people.nameOf(user_id);
  const presence = presenceView(context, user_id);
  const username = people.profileOf(user_id)?.username ?? "";
  return (
    <div class="face-line">
      <Avatar id={user_id} name={name} online={presence.online} large />
      <h3 dir="auto">{name}</h3>
      <p>
        {username !== "" && <span class="username">@{username}</span>}
        {user_id !== client.user_id && presence.text !== "" && <span>{presence.text}</span>}
      </p>
    </div>
  );
}

type TilesProps = { user_id: UserId; relations: Relations; onClose: () => void };

function PersonTiles({ user_id, relations, onClose }: TilesProps): VNode {
  const words = useScreens().person;
  const home = useHome();
  const { contacts, blocks } = relations;
  const [asking, setAsking] = useState(false);
  const name = home.context.people.nameOf(user_id);
  const known = contacts.has(user_id);
  const blocked = blocks.has(user_id);
  const coming = contacts.list.value === undefined || blocks.list.value === undefined;
  const tiles: Tile[] = [
    {
      icon: "chat",
      word: words.message,
      run: () => {
        home.openWith(user_id);
        onClose();
      },
    },
    {
      icon: known ? "userMinus" : "userPlus",
      word: known ? words.remove : words.add,
      disabled: coming,
      run: () => void (known ? contacts.remove(user_id) : contacts.add(user_id)),
    },
    {
      icon: "block",
      word: blocked ? words.unblock : words.block,
      danger: !blocked,
      disabled: coming,
      run: () => (blocked ? void blocks.remove(user_id) : setAsking(true)),
    },
  ];
  return (
    <>
      <Tiles tiles={tiles} />
      {asking && (
        <Confirm
          title={words.blockSure(name)}
          text={words.blockText}
          button={words.block}
          danger
          onConfirm={() => void blocks.add(user_id)}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}

function GroupsInCommon({
  user_id,
  onClose,
}: {
  user_id: UserId;
  onClose: () => void;
}): VNode | null {
  const words = useScreens().person;
  const strings = useStrings();
  const home = useHome();
  const groups = groupsWith(home.context, user_id);
  if (groups.length === 0) return null;
  const open = (group: Channel): void => {
    home.open(group.id);
    onClose();
  };
  return (
    <Section title={words.groups}>
      {groups.map((group) => {
        const name = nameOfChannel(home.context, group);
        return (
          <button key={group.id} type="button" class="item" onClick={() => open(group)}>
            <Avatar id={group.id} name={name} group small />
            <span class="item-name">
              <span class="one-line">{name}</span>
              <small>{strings.members(group.members.length)}</small>
            </span>
          </button>
        );
      })}
    </Section>
  );
}
