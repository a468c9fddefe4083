import type { Device } from "@damso/sdk";
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { DevicesModel } from "../../model/devices.ts";
import { createDevices } from "../../model/devices.ts";
import { ago } from "../../model/time.ts";
import { useHome, useLocale, useStrings } from "../app-context.ts";
import { LetIn } from "../arrival/let-in.tsx";
import { Confirm } from "../parts/confirm.tsx";
import { Icon } from "../icons.tsx";
import { Row, Section } from "../parts/rows.tsx";
import { Failed, Skeleton } from "../parts/states.tsx";
import { useScreens } from "../parts/words.ts";
import type { PageProps } from "./pages.ts";

export function DevicesPage({ report }: PageProps): VNode {
  const { context } = useHome();
  const words = useScreens().devices;
  const [devices] = useState(() => createDevices(context, report));
  useEffect(() => {
    void devices.load();
    // One that was let in, or logged out elsewhere, is seen at once.
    return context.client.on("account", ({ changed }) => {
      if (changed === "devices") void devices.load();
    });
  }, [devices, context]);
  const others = devices.others.value;
  if (devices.failed.value) return <Failed onRetry={() => void devices.load()} />;
  if (others === undefined) return <Skeleton rows={3} faces />;
  const current = devices.current.value;
  return (
    <>
      <Section title={words.this}>{current && <DeviceLine device={current} />}</Section>
      <LetInRow />
      <Section title={words.others} {...(others.length === 0 && { hint: words.none })}>
        {others.map((device) => (
          <DeviceLine
            key={device.device_id}
            device={device}
            onLogOut={() => void devices.logOut(device.device_id)}
          />
        ))}
        {others.length > 0 && <LogOutAll devices={devices} count={others.length} />}
      </Section>
    </>
  );
}

function LetInRow(): VNode {
  const words = useScreens().letIn;
  const [asking, setAsking] = useState(false);
  return (
    <Section>
      <Row icon="qr" title={words.row} hint={words.rowHint} leads onClick={() => setAsking(true)} />
      {asking && <LetIn onClose={() => setAsking(false)} />}
    </Section>
  );
}

function DeviceLine({ device, onLogOut }: { device: Device; onLogOut?: () => void }): VNode {
  const words = useScreens().devices;
  const { now } = useHome().context;
  const locale = useLocale();
  const strings = useStrings();
  const when = (at: string): string => ago(at, now.value, locale, strings);
  const name = device.name === "" ? words.unnamed : device.name;
  return (
    <div class="item">
      <Icon name={/Android|iOS/.test(name) ? "phone" : "laptop"} />
      <span class="item-name">
        {name}
        <small>
          {device.current
            ? words.since(when(device.created_at))
            : words.lastUsed(when(device.last_active_at))}
        </small>
      </span>
      {onLogOut && (
        <button
          type="button"
          class="button quiet danger"
          aria-label={`${words.logOut}: ${name}`}
          onClick={onLogOut}
        >
          {words.logOut}
        </button>
      )}
    </div>
  );
}

function LogOutAll({ devices, count }: { devices: DevicesModel; count: number }): VNode {
  const words = useScreens().devices;
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Row icon="out" title={words.logOutAll} danger onClick={() => setAsking(true)} />
      {asking && (
        <Confirm
          title={words.logOutAllSure}
          text={words.logOutAllText(count)}
          button={words.logOut}
          danger
          onConfirm={() => void devices.logOutOthers()}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
