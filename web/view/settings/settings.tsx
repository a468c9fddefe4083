/** Settings: a list of pages, and the pages. */
import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { createAccount } from "../../model/account.ts";
import { createRelations } from "../../model/relations.ts";
import { Dialog } from "../dialog.tsx";
import { Toast } from "../parts/states.tsx";
import { SubPage, useTop } from "../parts/sub-page.tsx";
import { usePanel } from "../parts/use-panel.ts";
import { useScreens } from "../parts/words.ts";
import { AboutPage } from "./about.tsx";
import { AccountPage } from "./account.tsx";
import { DataPage } from "./data.tsx";
import { DevicesPage } from "./devices.tsx";
import { KeysPage } from "./keys.tsx";
import { LanguagePage, LookPage } from "./look.tsx";
import { NotifyPage } from "./notify.tsx";
import { PrivacyPage } from "./privacy.tsx";
import { ProfilePage } from "./profile.tsx";
import { Root } from "./root.tsx";
import type { Page, PageProps } from "./pages.ts";

const pages: Record<Page, (props: PageProps) => VNode> = {
  profile: ProfilePage,
  look: LookPage,
  language: LanguagePage,
  notifications: NotifyPage,
  privacy: PrivacyPage,
  devices: DevicesPage,
  data: DataPage,
  keys: KeysPage,
  account: AccountPage,
  about: AboutPage,
};

export function Settings({ onClose }: { onClose: () => void }): VNode {
  const words = useScreens();
  const { context, report, notice } = usePanel();
  const [account] = useState(() => createAccount(context, report));
  const [relations] = useState(() => createRelations(context, report));
  const [page, setPage] = useState<Page>();
  const body = useRef<HTMLDivElement>(null);
  useEffect(() => {
    void account.load();
    return relations.stop;
  }, [account, relations]);
  useTop(body, page);
  const back = (): void => setPage(undefined);
  const Shown = page && pages[page];
  const props: PageProps = { account, relations, report, onPage: setPage, onClose };
  return (
    <Dialog
      kind="panel"
      title={page === undefined ? words.settings.title : words.settings[page]}
      onClose={onClose}
      onBack={page === undefined ? undefined : back}
    >
      <div ref={body} class="panel-body" key={page ?? "root"}>
        {Shown ? (
          <SubPage onBack={back}>
            <Shown {...props} />
          </SubPage>
        ) : (
          <Root {...props} />
        )}
      </div>
      <Toast text={notice} />
    </Dialog>
  );
}
