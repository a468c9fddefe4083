import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Language } from "../../model/strings/strings.ts";
import { useApp, useHome, useLanguage, useStrings } from "../app-context.ts";
import { Avatar } from "../avatar.tsx";
import { Confirm } from "../parts/confirm.tsx";
import type { IconName } from "../icons.tsx";
import { Icon } from "../icons.tsx";
import { Row, Section } from "../parts/rows.tsx";
import { useScreens } from "../parts/words.ts";
import type { Page, PageProps } from "./pages.ts";

const groups: readonly (readonly (readonly [page: Page, icon: IconName])[])[] = [
  [
    ["look", "sun"],
    ["language", "globe"],
    ["notifications", "bell"],
    ["privacy", "lock"],
    ["devices", "devices"],
  ],
  [
    ["data", "disk"],
    ["keys", "keys"],
    ["account", "card"],
    ["about", "info"],
  ],
];

export const LANGUAGES: Record<Language, string> = { ko: "한국어", en: "English" };

export function Root({ onPage, onClose }: PageProps): VNode {
  const { app } = useApp();
  const words = useScreens();
  const language = useLanguage();
  const [leaving, setLeaving] = useState(false);
  return (
    <>
      <Me onPage={onPage} />
      <NotesRow onClose={onClose} />
      {groups.map((rows) => (
        <Section key={rows[0]?.[0]}>
          {rows.filter(isUseful).map(([page, icon]) => (
            <Row
              key={page}
              icon={icon}
              title={words.settings[page]}
              value={page === "language" ? LANGUAGES[language] : undefined}
              leads
              mark={page}
              onClick={() => onPage(page)}
            />
          ))}
        </Section>
      ))}
      <Section>
        <Row icon="out" title={words.settings.logOut} danger onClick={() => setLeaving(true)} />
      </Section>
      {leaving && (
        <Confirm
          title={words.settings.logOutSure}
          text={words.settings.logOutText}
          button={words.settings.logOut}
          onConfirm={() => void app.logOut()}
          onClose={() => setLeaving(false)}
        />
      )}
    </>
  );
}

/** Where there is no keyboard, its map is of no use. */
function isUseful([page]: readonly [page: Page, icon: IconName]): boolean {
  return page !== "keys" || matchMedia("(any-hover: hover)").matches;
}

function Me({ onPage }: Pick<PageProps, "onPage">): VNode {
  const { me } = useHome();
  return (
    <button type="button" class="item me" data-mark="profile" onClick={() => onPage("profile")}>
      <Avatar id={me.id} name={me.name.value} />
      <span class="item-name">
        <span>
          <span class="hidden">{useScreens().settings.profile}: </span>
          {me.name.value}
        </span>
        <small>@{me.username.value}</small>
      </span>
      <Icon name="next" />
    </button>
  );
}

function NotesRow({ onClose }: Pick<PageProps, "onClose">): VNode {
  const home = useHome();
  const strings = useStrings();
  return (
    <Section>
      <Row
        icon="notes"
        title={strings.notesToSelf}
        onClick={() => {
          home.openWith(home.me.id);
          onClose();
        }}
      />
    </Section>
  );
}
