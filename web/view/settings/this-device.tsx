import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Notifications, QuietHours, TestOutcome } from "../../model/notifications.ts";
import type { Report } from "../../model/report.ts";
import { useHome } from "../app-context.ts";
import { Row, Section, Switch } from "../parts/rows.tsx";
import { useScreens } from "../parts/words.ts";

const NIGHT: QuietHours = { from: "22:00", to: "07:00" };

/** Whether, when and how this device is told. */
export function ThisDevice({ report }: { report: Report }): VNode {
  const words = useScreens().notify;
  const { notifications } = useHome().outside;
  const permission = notifications.permission.value;
  const possible = permission === "default" || permission === "granted";
  const on = notifications.on.value && permission === "granted";
  return (
    <Section title={words.device}>
      <Switch
        title={words.enable}
        hint={words.permission[permission]}
        on={on}
        disabled={!possible}
        onChange={(wanted) => report(wanted ? notifications.turnOn() : notifications.turnOff())}
      />
      {on && <Quiet notifications={notifications} report={report} />}
      {on && <Test notifications={notifications} report={report} />}
    </Section>
  );
}

type Props = { notifications: Notifications; report: Report };

function Quiet({ notifications, report }: Props): VNode {
  const words = useScreens().notify;
  const hours = notifications.quiet.value;
  const set = (next: QuietHours | undefined): Promise<boolean> =>
    report(notifications.setQuiet(next));
  return (
    <>
      <Switch
        title={words.quiet}
        hint={words.quietHint}
        on={hours !== undefined}
        onChange={(on) => set(on ? NIGHT : undefined)}
      />
      {hours && (
        <div class="item hours">
          {(["from", "to"] as const).map((end) => (
            <label key={end} class="field">
              <span>{words[end]}</span>
              <input
                type="time"
                required
                value={hours[end]}
                onChange={({ currentTarget: { value } }) => {
                  if (value !== "") void set({ ...hours, [end]: value });
                }}
              />
            </label>
          ))}
        </div>
      )}
    </>
  );
}

function Test({ notifications, report }: Props): VNode {
  const words = useScreens().notify;
  const [outcome, setOutcome] = useState<TestOutcome>();
  return (
    <>
      <Row
        icon="bell"
        title={words.test}
        onClick={() => void report(notifications.test().then(setOutcome))}
      />
      <p class="item told" role="status">
        {outcome !== undefined && words.outcomes[outcome]}
      </p>
    </>
  );
}
