import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { Avatar } from "../avatar.tsx";
import { Choice, Section, Switch } from "../parts/rows.tsx";
import { Failed, Nothing, Skeleton } from "../parts/states.tsx";
import { useScreens } from "../parts/words.ts";
import type { PageProps } from "./pages.ts";

const AUDIENCES = ["everyone", "contacts", "nobody"] as const;

export function PrivacyPage(props: PageProps): VNode {
  const { account } = props;
  const words = useScreens().privacy;
  const settings = account.me.value?.settings;
  if (account.failed.value) return <Failed onRetry={() => void account.load()} />;
  if (settings === undefined) return <Skeleton rows={8} />;
  const audiences = AUDIENCES.map((each) => [each, words.audience[each]] as const);
  return (
    <>
      <Choice
        title={words.presence}
        hint={words.presenceHint}
        options={audiences}
        value={settings.presence}
        onChange={(presence) => void account.set({ presence })}
      />
      <Choice
        title={words.message}
        hint={words.messageHint}
        options={audiences}
        value={settings.who_may_message}
        onChange={(who_may_message) => void account.set({ who_may_message })}
      />
      <Section>
        <Switch
          title={words.receipts}
          hint={words.receiptsHint}
          on={settings.receipts}
          onChange={(receipts) => account.set({ receipts })}
        />
      </Section>
      <Blocked {...props} />
    </>
  );
}

function Blocked({ relations: { blocks } }: PageProps): VNode {
  const words = useScreens().privacy;
  useEffect(() => void blocks.load(), [blocks]);
  const list = blocks.list.value;
  if (blocks.failed.value) return <Failed onRetry={() => void blocks.load()} />;
  if (list === undefined) return <Skeleton rows={1} faces />;
  return (
    <Section title={words.blocked}>
      {list.length === 0 ? (
        <Nothing icon="block" title={words.nobodyBlocked} text={words.nobodyBlockedHint} />
      ) : (
        <ul>
          {list.map(({ user_id, name, username }) => (
            <li key={user_id} class="item">
              <Avatar id={user_id} name={name} small />
              <span class="item-name">
                {name}
                <small>@{username}</small>
              </span>
              <button
                type="button"
                class="button quiet"
                onClick={() => void blocks.remove(user_id)}
              >
                {words.unblock}
              </button>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
