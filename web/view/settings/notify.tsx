import type { VNode } from "preact";
import { Choice, Section, Switch } from "../parts/rows.tsx";
import { ThisDevice } from "./this-device.tsx";
import { Failed, Skeleton } from "../parts/states.tsx";
import { useScreens } from "../parts/words.ts";
import type { PageProps } from "./pages.ts";

export function NotifyPage({ account, report }: PageProps): VNode {
  const words = useScreens().notify;
  const settings = account.me.value?.settings;
  if (account.failed.value) return <Failed onRetry={() => void account.load()} />;
  if (settings === undefined) return <Skeleton rows={6} />;
  const { direct, group } = settings.push;
  return (
    <>
      <ThisDevice report={report} />
      <Choice
        title={words.direct}
        options={[
          ["all", words.levels.all],
          ["none", words.levels.none],
        ]}
        value={direct === "none" ? "none" : "all"}
        onChange={(level) => void account.set({ push: { direct: level } })}
      />
      <Choice
        title={words.group}
        options={[
          ["all", words.levels.all],
          ["mentions", words.levels.mentions],
          ["none", words.levels.none],
        ]}
        value={group}
        onChange={(level) => void account.set({ push: { group: level } })}
      />
      <Section hint={words.scope}>
        <Switch
          title={words.hide}
          hint={words.hideHint}
          on={settings.private_push}
          onChange={(on) => account.set({ private_push: on })}
        />
      </Section>
    </>
  );
}
